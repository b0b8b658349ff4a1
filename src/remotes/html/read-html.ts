import { load } from 'cheerio/slim'
import type { AnyNode } from 'domhandler'
import { isTooDeep } from './nesting.ts'

/** Elements that begin and end a line of text. */
const blocks = new Set([
  'address', 'article', 'aside', 'blockquote', 'body', 'br', 'dd', 'div', 'dl', 'dt', 'figcaption', 'figure', 'footer', 'form', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6',
  'head', 'header', 'hr', 'li', 'main', 'nav', 'ol', 'option', 'p', 'pre', 'section', 'table', 'td', 'th', 'title', 'tr', 'ul',
])
/** Nobody reads these; scripts are read as the files that they are, where a source looks at them. */
const silent = new Set(['script', 'style', 'template'])
/** Attributes in which a name stands that the text need not have. */
const spoken = ['href', 'alt', 'title', 'value', 'placeholder', 'aria-label', 'content'] as const

/**
 * The text of a piece of HTML as a reader has it: entities decoded once, blocks as lines, and behind each element
 * what its attributes say (the address of a link, the description of a picture). Never throws; linear in the length.
 */
export function readHtml(html: string): string {
  // Nobody reads such a page as it stands; its words without its elements are all that can be had in time.
  if (isTooDeep(html)) return load(html.replace(/<[^<>]*>/g, ''), null, false).text().trim()
  const parts: string[] = []
  // A tree of the public may be deeper than our stack: nodes wait in a list, not in calls.
  const waiting: (AnyNode | string)[] = load(html, null, false).root().contents().toArray().reverse()
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next === 'string') parts.push(next)
    else if (next.type === 'text') parts.push(next.data.replace(/\s+/g, ' '))
    else if (next.type === 'tag' && !silent.has(next.name)) {
      const edge = blocks.has(next.name) ? '\n' : ''
      parts.push(edge)
      waiting.push(edge, ...said(next.attribs).map((text) => ` <${text}> `))
      for (const child of next.children.toReversed()) waiting.push(child)
    }
  }
  return parts.join('').replace(/[^\S\n]+/g, ' ').replace(/ ?\n[ \n]*/g, '\n').trim()
}

/** Decodes HTML that came escaped inside of another format (`&lt;p&gt;`): once, and only if it was. */
export function unescapeHtml(text: string): string {
  return text.includes('<') ? text : load(text, null, false).text()
}

function said(attributes: Readonly<Record<string, string>>): string[] {
  return spoken.flatMap((name) => {
    const text = attributes[name]?.trim() ?? ''
    return text === '' || text.startsWith('#') ? [] : [text]
  })
}
