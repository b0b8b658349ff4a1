import { appendFile, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createServer as createTlsServer } from 'node:tls'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Notice, OpenNotifier } from '../../../src/contracts/notifier.ts'
import { Permanent, Transient } from '../../../src/errors.ts'
import { createHttp } from '../../../src/net/http.ts'
import { eventsOf } from '../../../src/notifiers/ocsf/events.ts'
import { ocsf } from '../../../src/notifiers/ocsf/index.ts'
import { ocsfSettings } from '../../../src/notifiers/ocsf/settings.ts'
import { syslogFrame } from '../../../src/notifiers/ocsf/syslog.ts'
import { refusalOf } from '../../../src/notifiers/refusal.ts'
import { useReceiver } from '../receiver.ts'
import { change, changed, claim, finding, samples } from '../samples.ts'
import { loopbackCertificate } from './loopback-certificate.ts'

const now = () => new Date('2026-11-23T06:00:00Z')
const leak: Notice = { kind: 'leaked', id: '31', organization: 'Acme Corp', finding: { ...finding, firstSeenAt: new Date('2026-11-22T05:00:00Z'), publicSince: new Date('2026-11-20T00:00:00Z') } }
function open(row: object, origins: readonly string[] = []): OpenNotifier {
  const opened = ocsf.open({ ocsf: ocsfSettings.parse([row]) }, { http: createHttp({ userAgent: 'namesake test', origins: [...origins], now }), now }).get('')
  if (opened === undefined) throw new Error('it is configured')
  return opened
}
const failureOf = (work: Promise<unknown>): Promise<unknown> => work.then(() => { throw new Error('it should have failed') }, (error: unknown) => error)

describe('events', () => {
  const events = (notice: Notice) => eventsOf(notice, now(), '1.2.3')

  test('a leak creates a finding, with the time and the window that are known', () => {
    const [event] = events(leak)
    expect(event).toMatchObject({
      activity_id: 1, type_uid: 200401, severity_id: 5, status_id: 1, is_alert: true, time: Date.parse('2026-11-22T05:00:00Z'), start_time: Date.parse('2026-11-20T00:00:00Z'),
      metadata: { version: '1.8.0', uid: 'notice-31', product: { name: 'namesake', version: '1.2.3' } }, finding_info: { uid: '12', src_url: 'https://github.com/someone/shop/blob/4f2a/package.json#L12' },
      resources: [{ name: 'acme-corp-auth-client', namespace: 'npm' }],
      unmapped: { drill: false, notice: { id: '31', kind: 'leaked' }, organization: 'Acme Corp', places: 1 },
    })
    expect(JSON.stringify(event)).not.toContain('^1.2.0')
  })

  test.each([
    ['acknowledged', 'acknowledged', 2, 2], ['resolved', 'resolved', 3, 4], ['dismissed', 'dismissed', 3, 3], ['open', 'place', 2, 1],
  ] as const)('a change to %s (%s) has activity %d and status %d', (state, what, activity, status) => {
    expect(events(changed(state, change(what)))).toMatchObject([{ activity_id: activity, type_uid: 200_400 + activity, status_id: status, finding_info: { uid: '12' }, unmapped: { changes: [{ what }] } }])
  })

  test('a stranger\'s package is critical, an alert, and has what the registry told, with or without a finding', () => {
    const notice: Notice = { kind: 'claim', news: 'taken', id: '34', organization: 'Acme Corp', finding: { ...finding, severity: 'low' }, claim }
    expect(events(notice)).toMatchObject([{ severity_id: 5, is_alert: true, activity_id: 2, unmapped: { claim: { news: 'taken', version: '99.9.9' } } }])
    expect(events({ ...notice, finding: { ...finding, id: '', places: [], placeCount: 0, standing: null } })).toMatchObject([{ activity_id: 1, finding_info: { uid: 'claim-34' } }])
  })

  test('a summary is an event, and one for each finding that it shows, each with a uid of its own that is the same again', () => {
    const baseline: Notice = { kind: 'baseline', id: '37', organization: 'Acme Corp', findings: [finding, { ...finding, id: '13' }], findingCount: 9, placeCount: 20, gaps: ['github-code: 1 name: throttled'] }
    const all = events(baseline)
    expect(all.map(({ metadata }) => metadata.uid)).toEqual(['notice-37', 'notice-37-finding-12', 'notice-37-finding-13'])
    expect(all[0]).toMatchObject({ unmapped: { findings: 9, places: 20, gaps: ['github-code: 1 name: throttled'] } })
    expect(events(baseline)).toEqual(all)
  })

  test('a drill says so in the first word, in the title and as a field', () => {
    expect(events({ ...leak, finding: { ...finding, drill: true } })).toMatchObject([{ message: expect.stringMatching(/^DRILL /), finding_info: { title: expect.stringMatching(/^DRILL /) }, unmapped: { drill: true } }])
  })

  test('whatever it is, the attributes that the class requires are there', () => {
    for (const event of samples().flatMap(events)) {
      expect(event).toMatchObject({ category_uid: 2, class_uid: 2004, type_uid: 200_400 + event.activity_id, metadata: { version: '1.8.0', product: { name: 'namesake' } } })
      for (const number of [event.severity_id, event.time, event.status_id]) expect(Number.isSafeInteger(number)).toBe(true)
      expect(event.finding_info.uid).not.toBe('')
    }
  })
})

describe('to a file', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'namesake-ocsf-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))
  const at = (name: string): string => path.join(folder, name)
  const lines = async (file: string): Promise<unknown[]> => (await readFile(file, 'utf8')).trimEnd().split('\n').map((line) => JSON.parse(line))

  test('appends a line of JSON for each event, for its owner alone', async () => {
    const file = at('one.jsonl')
    await open({ file }).send(leak)
    await open({ file }).send(changed('resolved', change('resolved')))
    expect(await lines(file)).toMatchObject([{ activity_id: 1 }, { activity_id: 3 }])
    expect((await stat(file)).mode & 0o777).toBe(0o600)
  })

  test('a file that logrotate moved away is made anew, without a signal', async () => {
    const file = at('rotated.jsonl')
    const notifier = open({ file })
    await notifier.send(leak)
    await rename(file, `${file}.1`)
    await notifier.send(leak)
    expect([(await lines(file)).length, (await lines(`${file}.1`)).length]).toEqual([1, 1])
  })

  test('a line that a crash left half does not swallow the next one', async () => {
    const file = at('half.jsonl')
    const notifier = open({ file })
    await notifier.send(leak)
    await appendFile(file, '{"half":')
    await notifier.send(leak)
    const all = (await readFile(file, 'utf8')).trimEnd().split('\n')
    expect(all).toHaveLength(3)
    expect(JSON.parse(all[2] ?? '')).toMatchObject({ class_uid: 2004 })
  })

  test('events of several writers at once stay whole', async () => {
    const file = at('many.jsonl')
    const notifier = open({ file })
    await Promise.all(Array.from({ length: 20 }, () => notifier.send(leak)))
    expect(await lines(file)).toHaveLength(20)
  })

  test.each([['a folder that is not there', 'none/x.jsonl'], ['a folder', '.']])('%s is for a person to mend, and the path is in no message', async (_, name) => {
    const error = await failureOf(open({ file: at(name) }).send(leak))
    expect(error).toBeInstanceOf(Permanent)
    expect(refusalOf(error)).toBe('destination')
    expect(String(error)).not.toContain(folder)
  })

  test('doctor finds out whether it can be written, and writes no event', async () => {
    const file = at('checked.jsonl')
    expect(await open({ file }).check()).toEqual(['the file can be written'])
    expect((await readFile(file, 'utf8')).trim()).toBe('')
  })
})

describe('over syslog', () => {
  const servers: Server[] = []
  const received: Buffer[] = []
  const sockets = new Set<Socket>()
  function onConnection(socket: Socket): void {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('data', (piece: Buffer) => received.push(piece))
  }
  async function listen(server: Server): Promise<number> {
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return (server.address() as AddressInfo).port
  }
  afterEach(async () => {
    for (const socket of sockets) socket.destroy()
    await Promise.all(servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve()))))
    servers.length = 0
    received.length = 0
  })

  /** Messages by their length in front: RFC 6587, section 3.4.1. */
  function messages(): string[] {
    let rest = Buffer.concat(received)
    const all: string[] = []
    while (rest.length > 0) {
      const space = rest.indexOf(' ')
      const length = Number(rest.subarray(0, space).toString())
      all.push(rest.subarray(space + 1, space + 1 + length).toString('latin1'))
      rest = rest.subarray(space + 1 + length)
    }
    return all
  }

  test('a message is RFC 5424 with its length in front, plain ASCII', async () => {
    const port = await listen(createServer(onConnection))
    await open({ syslog: `tcp://127.0.0.1:${port}` }).send({ ...leak, organization: 'Äcme Cörp 🚨' })
    const [message = '', ...more] = messages()
    expect(more).toEqual([])
    const match = /^<(?<pri>\d+)>1 (?<time>\S+) (?<host>\S+) namesake \d+ finding - (?<json>\{.*\})$/.exec(message)
    // Local use 0, critical.
    expect([match?.groups?.['pri'], match?.groups?.['time']]).toEqual([String(16 * 8 + 2), '2026-11-22T05:00:00.000Z'])
    expect(/^[\x20-\x7e]*$/.test(message)).toBe(true)
    expect(JSON.parse(match?.groups?.['json'] ?? '')).toMatchObject({ class_uid: 2004, unmapped: { organization: 'Äcme Cörp 🚨' } })
  })

  test.each([[5, 2], [4, 3], [3, 4], [2, 5], [1, 6], [99, 6]])('severity %d of OCSF is %d of syslog', (ours, theirs) => {
    expect(syslogFrame('{}', { at: now(), severityId: ours })).toContain(` <${128 + theirs}>1 `)
  })

  test('several events of a notice go over one connection', async () => {
    const port = await listen(createServer(onConnection))
    sockets.clear()
    await open({ syslog: `tcp://127.0.0.1:${port}` }).send({ kind: 'baseline', id: '37', organization: 'Acme Corp', findings: [finding], findingCount: 1, placeCount: 1, gaps: [] })
    expect([messages().length, sockets.size]).toEqual([2, 1])
  })

  test('nobody listens, or the connection is reset: it is tried again', async () => {
    const port = await listen(createServer((socket) => socket.resetAndDestroy()))
    expect(await failureOf(open({ syslog: `tcp://127.0.0.1:${port}` }).send(leak))).toBeInstanceOf(Transient)
    expect(await failureOf(open({ syslog: 'tcp://127.0.0.1:9' }).send(leak))).toBeInstanceOf(Transient)
  })

  describe('with TLS', () => {
    let folder: string
    let ca: string
    beforeAll(async () => {
      folder = await mkdtemp(path.join(tmpdir(), 'namesake-tls-'))
      ca = path.join(folder, 'authority.pem')
      await writeFile(ca, loopbackCertificate.cert)
    })
    afterAll(() => rm(folder, { recursive: true, force: true }))

    test('events arrive where the certificate is trusted', async () => {
      const port = await listen(createTlsServer(loopbackCertificate, onConnection))
      await open({ syslog: `tls://127.0.0.1:${port}`, ca }).send(leak)
      expect(messages()).toHaveLength(1)
      expect(await open({ syslog: `tls://127.0.0.1:${port}`, ca }).check()).toEqual(['the receiver can be reached; syslog does not say what it makes of events'])
    })

    test('nothing is sent where it is not, and a person has to mend that', async () => {
      const port = await listen(createTlsServer(loopbackCertificate, onConnection))
      const error = await failureOf(open({ syslog: `tls://127.0.0.1:${port}` }).send(leak))
      expect(error).toBeInstanceOf(Permanent)
      expect(refusalOf(error)).toBe('destination')
      expect(messages()).toEqual([])
    })
  })
})

describe('over HTTP', () => {
  const receiver = useReceiver({ status: 200, body: '{"text":"Success","code":0}' })

  test('to a Splunk HTTP Event Collector: envelopes and its own word before the token', async () => {
    await open({ url: `${receiver.url}/services/collector/event`, token: 'hec-token', scheme: 'Splunk', format: 'hec' }, [receiver.url]).send({ kind: 'baseline', id: '37', organization: 'Acme Corp', findings: [finding], findingCount: 1, placeCount: 1, gaps: [] })
    expect(receiver.received[0]?.headers['authorization']).toBe('Splunk hec-token')
    const envelopes = receiver.received[0]?.body.split('\n').map((line): unknown => JSON.parse(line))
    expect(envelopes).toMatchObject([{ sourcetype: 'ocsf', source: 'namesake', time: now().getTime() / 1_000, event: { class_uid: 2004 } }, { event: { finding_info: { uid: '12' } } }])
  })

  test('to anything else: an array of events, and a bearer token', async () => {
    await open({ url: `${receiver.url}/ingest`, token: 'token' }, [receiver.url]).send(leak)
    expect(receiver.received[0]?.headers['authorization']).toBe('Bearer token')
    expect(JSON.parse(receiver.received[0]?.body ?? '')).toMatchObject([{ class_uid: 2004 }])
  })
})

describe('settings', () => {
  test.each([
    [{}, /exactly one of file, syslog and url/],
    [{ file: '/var/log/x', url: 'https://siem.example/' }, /exactly one/],
    [{ file: 'x.jsonl' }, /absolute path/],
    [{ syslog: 'tcp://siem.example:601' }, /tls:\/\/…: over tcp:\/\/ everybody/],
    [{ syslog: 'udp://siem.example:514' }, /expected tls:\/\/host:6514/],
    [{ syslog: 'tls://siem.example' }, /host and port/],
    [{ syslog: 'tls://user:secret@siem.example:6514' }, /host and port and nothing else/],
    [{ syslog: 'tcp://127.0.0.1:601', ca: '/x.pem' }, /is for syslog: tls/],
    [{ file: '/var/log/x', token: 'x' }, /is for url/],
    [{ url: 'http://siem.example/' }, /https/],
  ])('%j is refused with what is expected', (row, expected) => {
    const parsed = ocsfSettings.safeParse([row])
    expect(parsed.error?.issues.map(({ message }) => message).join('\n')).toMatch(expected)
  })
})
