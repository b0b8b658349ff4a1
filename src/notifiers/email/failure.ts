import { Transient, type NamesakeError } from '../../errors.ts'
import { refuse } from '../refusal.ts'

/** Codes of nodemailer that say that the server, or what we may do there, is not as configured. */
const settingsWrong = ['EAUTH', 'ENOAUTH', 'ETLS', 'EOAUTH2', 'EPROTOCOL', 'ENOTFOUND_CONFIG']

/**
 * What a failed mail means, by the reply code of RFC 5321 and nodemailer's own code: never by words, and none of the
 * server's words is in it. 4xx: later. 5xx before the text: the destination. 5xx after it: the message.
 */
export function describeFailure(error: unknown): NamesakeError {
  const { code, responseCode, command } = factsOf(error)
  const reply = responseCode === null ? '' : ` (${responseCode})`
  if (responseCode !== null && responseCode >= 400 && responseCode < 500) return new Transient(`the mail server cannot take it now${reply}`)
  if (code !== null && settingsWrong.includes(code)) {
    return refuse('destination', code === 'ETLS' ? 'the mail server offers no encryption, which is required' : `the mail server does not let us in${reply}`)
  }
  if (responseCode !== null && responseCode >= 500) {
    return command === 'DATA' || code === 'EMESSAGE'
      ? refuse('message', `the mail server refused the message${reply}`)
      : refuse('destination', `the mail server refused sender or recipients${reply}`)
  }
  if (code === 'EENVELOPE') return refuse('destination', 'the mail server refused sender or recipients')
  if (code === 'EMESSAGE') return refuse('message', 'the mail server refused the message')
  return new Transient(`no mail server took it${code === null ? '' : ` (${code})`}`)
}

function factsOf(error: unknown): { readonly code: string | null; readonly responseCode: number | null; readonly command: string | null } {
  if (typeof error !== 'object' || error === null) return { code: null, responseCode: null, command: null }
  const code = 'code' in error && typeof error.code === 'string' && /^[A-Z0-9_]{3,40}$/.test(error.code) ? error.code : null
  const responseCode = 'responseCode' in error && typeof error.responseCode === 'number' ? error.responseCode : null
  const command = 'command' in error && typeof error.command === 'string' && /^[A-Z ]{2,20}$/.test(error.command) ? error.command : null
  return { code, responseCode, command }
}
