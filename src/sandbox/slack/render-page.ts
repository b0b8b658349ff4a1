import { escapeHtml } from '../html.ts'
import type { SlackMessage } from './message.ts'
import { decodeEntities, readPieces } from './read-mrkdwn.ts'
import type { Block, TextObject } from './validate-blocks.ts'

const style = 'body{font:15px/1.46 system-ui,sans-serif;margin:0;color:#1d1c1d}header{padding:.8rem 1.5rem;border-bottom:1px solid #ddd;font-weight:700;position:sticky;top:0;background:#fff}'
  + 'main{padding:1rem 1.5rem;max-width:52rem}article{padding:.6rem 0 .9rem;border-bottom:1px solid #f0f0f0}time{color:#616061;font-size:12px;margin-left:.5rem}'
  + 'h2{font-size:18px;margin:.4rem 0}.context{color:#616061;font-size:12px;margin:.3rem 0}.fields{display:grid;grid-template-columns:1fr 1fr;gap:.4rem 1rem}'
  + 'pre,code{font:12px/1.5 ui-monospace,monospace;background:#f8f8f8;border:1px solid #ddd;border-radius:3px}code{padding:1px 3px;color:#c01343}pre{padding:.5rem;overflow:auto;margin:.3rem 0}'
  + 'a{color:#1264a3}.button{display:inline-block;border:1px solid #bbb;border-radius:4px;padding:.2rem .7rem;margin:.3rem .4rem .2rem 0;text-decoration:none;color:#1d1c1d;font-size:13px}'
  + '.reply{margin-left:2rem;padding-left:1rem;border-left:2px solid #ddd}.ping{background:#fff1c2;color:#9c5d00;padding:0 2px}.warning{color:#b3261e;font-size:12px}blockquote{border-left:4px solid #ddd;margin:.2rem 0;padding-left:.7rem}p{margin:.2rem 0}'

function renderPieces(text: string): string {
  return readPieces(text).map((piece) => {
    if (piece.kind === 'ping') return `<span class="ping">${escapeHtml(piece.target)}</span>`
    if (piece.kind === 'link') return `<a href="${escapeHtml(piece.url)}" rel="noreferrer noopener" target="_blank">${escapeHtml(piece.label)}</a>`
    return escapeHtml(piece.text)
      .replace(/\*([^*\n]+)\*/g, '<strong>$1</strong>')
      .replace(/(?<![\w/])_([^_\n]+)_(?!\w)/g, '<em>$1</em>')
      .replace(/~([^~\n]+)~/g, '<del>$1</del>')
  }).join('')
}

function renderLine(line: string): string {
  const quote = /^(?:&gt;|>) ?/.exec(line)
  const words = (quote === null ? line : line.slice(quote[0].length)).split('`')
  // Every second part stands between backticks; the last one does not when its backtick is never closed.
  const html = words.map((part, index) => {
    if (index % 2 === 0) return renderPieces(part)
    return index === words.length - 1 ? `\`${renderPieces(part)}` : `<code>${escapeHtml(decodeEntities(part))}</code>`
  }).join('')
  return quote === null ? html : `<blockquote>${html}</blockquote>`
}

/** The part of mrkdwn that messages use: bold, italic, strike, code, preformatted, quotes, links, pings. */
export function renderMrkdwn(text: string): string {
  const parts = text.split('```')
  return parts.map((part, index) => {
    if (index % 2 === 1 && index < parts.length - 1) return `<pre>${escapeHtml(decodeEntities(part.replace(/^\n/, '')))}</pre>`
    return part.split('\n').map(renderLine).join('<br>')
  }).join('')
}

function renderText(text: TextObject): string {
  return text.type === 'plain_text' ? escapeHtml(text.text).replaceAll('\n', '<br>') : renderMrkdwn(text.text)
}

function renderBlock(block: Block): string {
  if (block.type === 'header') return `<h2>${renderText(block.text)}</h2>`
  if (block.type === 'divider') return '<hr>'
  if (block.type === 'image') return `<p class="context">[image: ${escapeHtml(block.alt_text)}]</p>`
  if (block.type === 'markdown') return `<p>${escapeHtml(block.text).replaceAll('\n', '<br>')}</p>`
  if (block.type === 'context') {
    return `<p class="context">${block.elements.map((one) => (one.type === 'image' ? `[${escapeHtml(one.alt_text)}]` : renderText(one))).join(' · ')}</p>`
  }
  if (block.type === 'actions') {
    return block.elements.map((one) => {
      if (one.type !== 'button') return ''
      const label = escapeHtml(one.text.text)
      return one.url === undefined ? `<span class="button">${label}</span>` : `<a class="button" href="${escapeHtml(one.url)}" rel="noreferrer noopener" target="_blank">${label}</a>`
    }).join('')
  }
  const fields = block.fields === undefined ? '' : `<div class="fields">${block.fields.map((field) => `<div>${renderText(field)}</div>`).join('')}</div>`
  return `${block.text === undefined ? '' : `<p>${renderText(block.text)}</p>`}${fields}`
}

/** What the Web API knows of a message besides. */
interface InThread {
  readonly threadTs?: string | null
  readonly editedAt?: Date | null
}

function renderMessage(message: SlackMessage & InThread): string {
  const body = message.blocks.length === 0 ? `<p>${renderMrkdwn(message.text)}</p>` : message.blocks.map(renderBlock).join('')
  const warnings = message.warnings.map((warning) => `<p class="warning">${escapeHtml(warning)}</p>`).join('')
  const { threadTs = null, editedAt = null } = message
  const reply = threadTs === null ? '' : ' class="reply"'
  const notes = `${threadTs === null ? '' : ` in the <a href="#m${escapeHtml(threadTs)}">thread</a>`}${editedAt === null ? '' : ' (edited)'}`
  return `<article id="m${escapeHtml(message.ts)}"${reply}><strong>namesake</strong><time>${message.at.toISOString()}${notes}</time>${body}${warnings}</article>`
}

/** The channel as a page that reloads itself every three seconds, newest message first. */
export function renderChannel(channel: string, messages: readonly (SlackMessage & InThread)[]): string {
  const list = messages.length === 0 ? '<p class="context">Nothing has arrived yet.</p>' : messages.toReversed().map(renderMessage).join('')
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="3"><title>#${escapeHtml(channel)}</title><style>${style}</style></head>`
    + `<body><header># ${escapeHtml(channel)} <time>${messages.length} messages</time></header><main>${list}</main></body></html>`
}
