import { load } from 'cheerio/slim'
import type { AnyNode } from 'domhandler'
import { ContractBroken } from '../../errors.ts'
import { isTooDeep } from './nesting.ts'

/** What a page of HTML refers to, and what stands in it that is no text for readers. */
export interface References {
  readonly title: string
  /** Absolute addresses (http, https) that it links to, without fragments, in order, each once. */
  readonly links: readonly string[]
  /** Addresses of scripts, and of what is preloaded as such. */
  readonly scripts: readonly string[]
  readonly styles: readonly string[]
  /** Scripts inside of the page, with their type (`''`, `module`, `application/json`). */
  readonly inline: readonly { readonly type: string; readonly text: string }[]
  readonly comments: readonly string[]
}

/** A page with more is made by a machine for machines. */
const mostAddresses = 5_000
/**
 * Reads what a page refers to, however broken it is, in time linear to its length. `base`: its address.
 * @throws ContractBroken elements nested ten thousands deep: no browser shows such a page either
 */
export function readReferences(html: string, base: string): References {
  if (isTooDeep(html)) throw new ContractBroken('a page is nested too deep to be read')
  const found = { title: '', links: new Set<string>(), scripts: new Set<string>(), styles: new Set<string>(), inline: [] as { type: string; text: string }[], comments: [] as string[] }
  let root = base
  const add = (set: Set<string>, value: string | undefined): void => {
    const url = addressOf(value, root)
    if (url !== null && set.size < mostAddresses) set.add(url)
  }
  const waiting: AnyNode[] = load(html).root().contents().toArray().reverse()
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (node.type === 'comment') found.comments.push(node.data.trim())
    if (!('children' in node)) continue
    for (let at = node.children.length - 1; at >= 0; at -= 1) waiting.push(...node.children.slice(at, at + 1))
    if (!('name' in node)) continue
    const { name, attribs, children } = node
    const rel = (attribs['rel'] ?? '').toLowerCase()
    const as = (attribs['as'] ?? '').toLowerCase()
    if (name === 'base' && root === base) root = addressOf(attribs['href'], base) ?? base
    else if (name === 'title' && found.title === '') found.title = textOf(children).replace(/\s+/g, ' ').trim()
    else if (name === 'a' || name === 'area') add(found.links, attribs['href'])
    else if (name === 'iframe' || name === 'frame') add(found.links, attribs['src'])
    else if (name === 'script' && attribs['src'] !== undefined) add(found.scripts, attribs['src'])
    else if (name === 'script') found.inline.push({ type: (attribs['type'] ?? '').trim().toLowerCase(), text: textOf(children) })
    else if (name === 'link' && /\b(?:alternate|next|prev|canonical)\b/.test(rel)) add(found.links, attribs['href'])
    else if (name === 'link' && (/\bmodulepreload\b/.test(rel) || as === 'script')) add(found.scripts, attribs['href'])
    else if (name === 'link' && (/\bstylesheet\b/.test(rel) || as === 'style')) add(found.styles, attribs['href'])
  }
  return { ...found, links: [...found.links], scripts: [...found.scripts], styles: [...found.styles], comments: found.comments.filter((text) => text !== '') }
}

function addressOf(value: string | undefined, base: string): string | null {
  if (value === undefined || !URL.canParse(value.trim(), base)) return null
  const url = new URL(value.trim(), base)
  url.hash = ''
  return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : null
}

function textOf(children: readonly AnyNode[]): string {
  return children.map((child) => (child.type === 'text' ? child.data : '')).join('')
}
