import { createTransport } from 'nodemailer'
import type { Frozen } from '../../contracts/frozen.ts'
import type { Notice, Notifier, OpenNotifier } from '../../contracts/notifier.ts'
import { isThisMachine } from '../named-rows.ts'
import type { NotifierSettings } from '../settings.ts'
import { describeFailure } from './failure.ts'
import { formatMail, formatPlainMail, type Mail } from './message.ts'
import type { EmailSettings } from './settings.ts'

/**
 * E-mail over SMTP. A message is told when the server took it for at least one recipient; what becomes of it then is not
 * seen. Its Message-ID is the notice's, the same for every attempt, and all about one finding refers to one thread.
 */
export const email = {
  id: 'email',
  title: 'E-mail',
  docs: 'https://nodemailer.com/smtp/',
  open({ email: rows = [] }) {
    return new Map(rows.map((row) => [row.name ?? '', openEmail(row)]))
  },
} as const satisfies Notifier<NotifierSettings>

/** Milliseconds: for the connection, the greeting, and silence in between. */
const patienceMs = 20_000

function openEmail({ smtpUrl, from, to, subjectNames, tls }: Frozen<EmailSettings>[number]): OpenNotifier {
  const server = new URL(smtpUrl)
  const host = server.hostname.replaceAll(/[[\]]/g, '')
  const secure = server.protocol === 'smtps:'
  const transport = createTransport({
    host,
    port: server.port === '' ? (secure ? 465 : 587) : Number(server.port),
    secure,
    requireTLS: !secure && tls === 'required' && !isThisMachine(server.hostname),
    ...(server.username === '' ? {} : { auth: { user: decodeURIComponent(server.username), pass: decodeURIComponent(server.password) } }),
    connectionTimeout: patienceMs,
    greetingTimeout: patienceMs,
    socketTimeout: patienceMs,
    // Nothing in a message is fetched or read from this machine.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const domain = from.split('@').at(-1) ?? 'namesake.invalid'
  async function send(notice: Notice, mail: Omit<Mail, 'html'> & { readonly html?: string }): Promise<void> {
    const thread = 'finding' in notice && notice.finding.id !== '' ? [`<finding-${safe(notice.finding.id)}@${domain}>`] : []
    await told(() => transport.sendMail({
      from: { name: 'namesake', address: from }, to: [...to], ...mail,
      messageId: `<notice-${safe(notice.id)}@${domain}>`,
      ...(thread.length === 0 ? {} : { references: thread, inReplyTo: thread[0] }),
      headers: { 'Auto-Submitted': 'auto-generated' },
    }))
  }
  return {
    destination: host,
    limit: { max: 1, perMs: 1_000 },
    send: (notice) => send(notice, formatMail(notice, { names: subjectNames })),
    sendPlain: (notice) => send(notice, formatPlainMail(notice, { names: subjectNames })),
    check: async () => {
      await told(() => transport.verify())
      return [`the mail server lets us in; whether ${to.length === 1 ? 'the recipient gets' : 'all recipients get'} it is not known without sending`]
    },
  }
}

/** Errors of the library quote the server, which may quote recipients and more. */
async function told(work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    throw describeFailure(error)
  }
}

function safe(id: string): string {
  return id.replaceAll(/[^\w-]/g, '_').slice(0, 60)
}
