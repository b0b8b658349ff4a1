/** A notice as a mail, as text and as HTML. Text of the public is clean (see describe.ts) and escaped here. */
import type { Notice } from '../../contracts/notifier.ts'
import { describe, type Description, type Item, type Section } from '../describe.ts'

export interface Mail {
  readonly subject: string
  readonly text: string
  readonly html: string
}

/** Without the name, unless `names`: a subject shows on a locked screen and in the log of every mail server on the way. */
export function formatMail(notice: Notice, { names }: { readonly names: boolean }): Mail {
  const said = describe(notice, 10)
  return { subject: subjectOf(notice, said, names), text: textOf(said), html: htmlOf(said) }
}

/** Only the text. */
export function formatPlainMail(notice: Notice, { names }: { readonly names: boolean }): Omit<Mail, 'html'> {
  const said = describe(notice, 3)
  return { subject: subjectOf(notice, said, names), text: textOf(said) }
}

function subjectOf(notice: Notice, { headline, discreet }: Description, names: boolean): string {
  const finding = 'finding' in notice && notice.finding.id !== '' ? ` (finding ${notice.finding.id.replaceAll(/\D/g, '').slice(0, 24)})` : ''
  return `[namesake] ${names ? headline : discreet}${finding}`
}

function textOf({ headline, facts, sections, ids }: Description): string {
  const parts = [
    headline,
    facts.map(({ label, text }) => `${label}: ${text}`).join('\n'),
    ...sections.map(({ title, items }) => [title, ...items.map(textItem)].join('\n')),
    ids,
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

function textItem({ text, url, code }: Item): string {
  return [`- ${text}`, ...(url === null ? [] : [`  ${url}`]), ...(code === null ? [] : [`  ${code}`])].join('\n')
}

function htmlOf({ headline, severity, facts, sections, ids }: Description): string {
  const colour = severity === 'critical' ? '#b00020' : severity === 'high' ? '#8a4b00' : '#1f2328'
  const rows = facts.map(({ label, text }) => `<tr><th align="left" style="padding:2px 12px 2px 0;font-weight:600">${html(label)}</th><td style="padding:2px 0">${html(text)}</td></tr>`).join('')
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark"></head>',
    '<body style="font:15px/1.45 system-ui,sans-serif;max-width:720px">',
    `<h1 style="font-size:19px;color:${colour}">${html(headline)}</h1>`,
    rows === '' ? '' : `<table style="border-collapse:collapse">${rows}</table>`,
    ...sections.map(htmlSection),
    `<p style="color:#6a737d;font-size:13px">${html(ids)}</p></body></html>`,
  ].join('\n')
}

function htmlSection({ title, items }: Section): string {
  return `<h2 style="font-size:16px;margin-bottom:4px">${html(title)}</h2><ul style="margin-top:0">${items.map(htmlItem).join('')}</ul>`
}

function htmlItem({ text, url, code }: Item): string {
  const link = url === null ? '' : ` <a href="${html(url)}" rel="noreferrer noopener">open</a>`
  const line = code === null ? '' : `<br><code style="font:13px ui-monospace,monospace">${html(code)}</code>`
  return `<li>${html(text)}${link}${line}</li>`
}

/** For text and for attributes in double quotes. */
function html(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;')
}
