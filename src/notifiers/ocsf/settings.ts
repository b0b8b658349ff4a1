import { isIP } from 'node:net'
import { z } from 'zod'
import { isThisMachine, name, rows, safeUrl } from '../named-rows.ts'

/** `tls://siem.example:6514` or, to this machine only, `tcp://127.0.0.1:601`: what is said are names of ours. */
const syslogUrl = z.string().max(500).check((context) => {
  const fault = syslogFault(context.value)
  if (fault !== null) context.issues.push({ code: 'custom', message: fault, input: context.value })
})

function syslogFault(value: string): string | null {
  const expected = 'expected tls://host:6514'
  if (!URL.canParse(value)) return expected
  const { protocol, hostname, port, username, password, pathname, search } = new URL(value)
  if (protocol !== 'tls:' && protocol !== 'tcp:') return expected
  if (hostname === '' || port === '' || username !== '' || password !== '' || search !== '' || (pathname !== '' && pathname !== '/')) return `${expected}, host and port and nothing else`
  return protocol === 'tls:' || isThisMachine(hostname) ? null : 'expected tls://…: over tcp:// everybody on the way reads names of ours; it is for a forwarder on this machine'
}

const destination = z
  .strictObject({
    name,
    file: z.string().min(1).max(1_000).optional().describe('Absolute path of a file that events are appended to, a line of JSON each; opened anew for every write, so that logrotate needs no signal'),
    syslog: syslogUrl.optional().describe('Syslog (RFC 5424) over TLS: tls://siem.acme-corp.com:6514'),
    ca: z.string().min(1).max(1_000).optional().describe('With syslog: absolute path of a PEM file with the authority of its certificate; absent: the public ones'),
    url: safeUrl.optional().describe('HTTP endpoint, POST of JSON'),
    token: z.string().min(1).max(4_000).optional().meta({ secret: true }).describe('With url: shown in the header Authorization'),
    scheme: z.enum(['Bearer', 'Splunk']).default('Bearer').describe('With token: the word before it. Splunk: what an HTTP Event Collector expects'),
    format: z.enum(['array', 'hec']).default('array').describe('With url: array, a JSON array of events; hec, the envelopes of a Splunk HTTP Event Collector'),
  })
  .check((context) => {
    const { file, syslog, url, ca, token } = context.value
    const say = (key: string, message: string) => context.issues.push({ code: 'custom', path: [key], message, input: undefined })
    if ([file, syslog, url].filter((one) => one !== undefined).length !== 1) say('file', 'give exactly one of file, syslog and url')
    if (ca !== undefined && syslog?.startsWith('tls:') !== true) say('ca', 'is for syslog: tls://…')
    if (token !== undefined && url === undefined) say('token', 'is for url')
    for (const [key, path] of [['file', file], ['ca', ca]] as const) {
      if (path !== undefined && !/^(?:\/|[A-Za-z]:[\\/])/.test(path)) say(key, 'expected an absolute path')
    }
  })

export const ocsfSettings = rows(destination)
export type OcsfRow = z.output<typeof destination>

/** Host and port of a checked address. An address of IPv6 stands in brackets in a URL, and without them elsewhere. */
export function readSyslogUrl(value: string): { readonly host: string; readonly port: number; readonly tls: boolean; readonly serverName: string | null } {
  const { hostname, port, protocol } = new URL(value)
  const host = hostname.replaceAll(/[[\]]/g, '')
  // SNI knows names only: RFC 6066, section 3.
  return { host, port: Number(port), tls: protocol === 'tls:', serverName: isIP(host) === 0 ? host : null }
}
