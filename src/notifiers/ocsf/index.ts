import manifest from '../../../package.json' with { type: 'json' }
import type { Frozen } from '../../contracts/frozen.ts'
import type { HttpClient } from '../../contracts/http.ts'
import type { Notice, Notifier, OpenNotifier } from '../../contracts/notifier.ts'
import { post } from '../post.ts'
import type { NotifierSettings } from '../settings.ts'
import { eventsOf, plainEventsOf, type OcsfEvent } from './events.ts'
import { appendLines } from './file.ts'
import { readSyslogUrl, type OcsfRow } from './settings.ts'
import { sendFrames, syslogFrame } from './syslog.ts'

const { version } = manifest

/**
 * Detection findings of the Open Cybersecurity Schema Framework, for a SIEM: to a file, over syslog or HTTP. A machine
 * reads them: nothing is gathered into one message, and every event has a uid that a repeat has too.
 */
export const ocsf = {
  id: 'ocsf',
  title: 'SIEM (OCSF)',
  docs: 'https://schema.ocsf.io/1.8.0/classes/detection_finding',
  open({ ocsf: rows = [] }, { http, now }) {
    return new Map(rows.map((row) => [row.name ?? '', openOcsf(row, http, now)]))
  },
} as const satisfies Notifier<NotifierSettings>

function openOcsf(row: Frozen<OcsfRow>, http: HttpClient, now: () => Date): OpenNotifier {
  const { destination, write, learn } = writerOf(row, http)
  return {
    destination,
    limit: { max: 10, perMs: 1_000 },
    follows: true,
    everySingle: true,
    send: (notice: Notice) => write(eventsOf(notice, now(), version)),
    sendPlain: (notice: Notice) => write(plainEventsOf(notice, now(), version)),
    check: learn,
  }
}

interface Writer {
  readonly destination: string
  write(events: readonly OcsfEvent[]): Promise<void>
  learn(): Promise<readonly string[]>
}

function writerOf(row: Frozen<OcsfRow>, http: HttpClient): Writer {
  const { file, syslog, ca = null, url = '' } = row
  if (file !== undefined) {
    return {
      destination: 'a file of this machine',
      write: (events) => appendLines(file, events.map((event) => JSON.stringify(event))),
      learn: async () => {
        await appendLines(file, [])
        return ['the file can be written']
      },
    }
  }
  if (syslog !== undefined) {
    return {
      destination: `${readSyslogUrl(syslog).host}`,
      write: (events) => sendFrames(syslog, events.map((event) => syslogFrame(JSON.stringify(event), { at: new Date(event.time), severityId: event.severity_id })), ca),
      learn: async () => {
        await sendFrames(syslog, [], ca)
        return ['the receiver can be reached; syslog does not say what it makes of events']
      },
    }
  }
  return {
    destination: new URL(url).host,
    write: (events) => post(http, { called: 'the SIEM', url, body: bodyOf(events, row.format), headers: row.token === undefined ? {} : { authorization: `${row.scheme} ${row.token}` } }),
    learn: () => Promise.resolve(['whether events arrive is not known without sending one: "namesake notices --test" does']),
  }
}

/** Splunk's envelopes follow each other without a separator: https://docs.splunk.com/Documentation/Splunk/latest/Data/FormateventsforHTTPEventCollector */
function bodyOf(events: readonly OcsfEvent[], format: OcsfRow['format']): string {
  if (format === 'array') return JSON.stringify(events)
  return events.map((event) => JSON.stringify({ time: event.time / 1_000, source: 'namesake', sourcetype: 'ocsf', event })).join('\n')
}
