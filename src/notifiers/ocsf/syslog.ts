import { readFile } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { hostname } from 'node:os'
import { connect as connectTls } from 'node:tls'
import { Transient } from '../../errors.ts'
import { refuse } from '../refusal.ts'
import { readSyslogUrl } from './settings.ts'

/** Local use 0: RFC 5424, section 6.2.1. */
const facility = 16
/** Milliseconds: for the connection and for silence. */
const patienceMs = 15_000
/** After our last byte: the time in which a receiver that did not take it resets the connection. Milliseconds. */
const settleMs = 1_000

/** Severities of RFC 5424 by `severity_id` of OCSF; what is not in it is informational (6). */
const severities: Readonly<Record<number, number>> = { 5: 2, 4: 3, 3: 4, 2: 5 }

/**
 * One event as a syslog message with its length in front (RFC 5424; octet counting by RFC 6587 and RFC 5425). Plain ASCII:
 * JSON escapes the rest, so that no byte order mark is needed.
 */
export function syslogFrame(json: string, { at, severityId }: { readonly at: Date; readonly severityId: number }): string {
  const ascii = json.replaceAll(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
  const message = `<${facility * 8 + (severities[severityId] ?? 6)}>1 ${at.toISOString()} ${headerWord(hostname(), 255)} namesake ${process.pid} finding - ${ascii}`
  return `${message.length} ${message}`
}

/** PRINTUSASCII, or the nil value. */
function headerWord(text: string, max: number): string {
  const word = text.replaceAll(/[^\x21-\x7e]/g, '').slice(0, max)
  return word === '' ? '-' : word
}

/**
 * Sends frames over a connection of their own and ends it. Syslog acknowledges nothing: they count as taken when every
 * byte was handed over and the receiver has not reset the connection within a second. What it loses afterwards is not
 * seen here.
 * @throws Transient | Permanent (`destination`: its certificate is not to be trusted)
 */
export async function sendFrames(url: string, frames: readonly string[], ca: string | null): Promise<void> {
  const authority = ca === null ? undefined : await readAuthority(ca)
  const { host, port, tls, serverName } = readSyslogUrl(url)
  const called = `the syslog receiver at ${host}:${port}`
  await new Promise<void>((resolve, reject) => {
    const socket: Socket = tls
      ? connectTls({ host, port, ...(serverName === null ? {} : { servername: serverName }), ...(authority === undefined ? {} : { ca: authority }), minVersion: 'TLSv1.2' })
      : connect({ host, port })
    socket.setTimeout(patienceMs, () => socket.destroy(new Error('silence')))
    let settled: NodeJS.Timeout | undefined
    const end = (error: Error | null): void => {
      clearTimeout(settled)
      socket.destroy()
      if (error === null) resolve()
      else reject(describeFailure(called, error))
    }
    socket.once('error', end)
    socket.once(tls ? 'secureConnect' : 'connect', () => {
      socket.end(frames.join(''), () => { settled = setTimeout(() => end(null), settleMs) })
    })
    // The receiver read to the end and closed too: nothing more is to be waited for.
    socket.once('end', () => { if (socket.writableFinished) end(null) })
    socket.once('close', () => end(socket.writableFinished ? null : new Error('closed')))
    // Whatever it says is of no interest, but an unread answer would keep its end away.
    socket.resume()
  })
}

async function readAuthority(path: string): Promise<Buffer> {
  try {
    return await readFile(path)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    throw refuse('destination', `the authority of the syslog receiver cannot be read (${code})`)
  }
}

/** Codes of OpenSSL for a certificate that is not to be trusted; a person has to mend that. */
const untrusted = /^(?:CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|ERR_TLS_CERT|HOSTNAME_MISMATCH)/

function describeFailure(called: string, error: Error): Error {
  const code = 'code' in error ? String(error.code) : ''
  if (untrusted.test(code)) return refuse('destination', `${called} shows a certificate that is not to be trusted (${code})`)
  return new Transient(`${called} did not take the events${/^\w{1,40}$/.test(code) ? ` (${code})` : ''}`)
}
