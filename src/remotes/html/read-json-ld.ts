import { load } from 'cheerio/slim'
import json5 from 'json5'

export interface JsonLd {
  /** Every object of the page's blocks whose `@type` is one of those asked for, in the order of the page. */
  readonly items: readonly Readonly<Record<string, unknown>>[]
  /** Blocks that could not be read, not even leniently: what stood in them is unknown. */
  readonly broken: number
}

/** Objects that are looked at in one page; a page that nests more is not written for readers. */
const mostObjects = 10_000

/**
 * JSON-LD of a page, wherever the wanted type stands: an object, a list, an `@graph`, inside of another object.
 * JSON of the public is often broken (comments, trailing commas, raw line ends): strict first, then JSON5.
 * https://www.w3.org/TR/json-ld11/#embedding-json-ld-in-html-documents
 */
export function readJsonLd(html: string, type: string): JsonLd {
  const page = load(html)
  const blocks = page('script[type="application/ld+json" i]').toArray().map((script) => parse(page(script).text()))
  return {
    items: blocks.flatMap((block) => (block === undefined ? [] : findTyped(block, type))),
    broken: blocks.filter((block) => block === undefined).length,
  }
}

/** Undefined: neither JSON nor nearly JSON. */
function parse(text: string): unknown {
  const bare = text.replace(/^\s*(?:<!--|(?:\/\/|\/\*)?\s*<!\[CDATA\[(?:\s*\*\/)?)/, '').replace(/(?:-->|(?:\/\/|\/\*)?\s*\]\]>(?:\s*\*\/)?)\s*$/, '')
  for (const read of [
    () => JSON.parse(bare) as unknown, // any value at all: what is used of it is checked where it is used
    () => json5.parse<unknown>(bare),
    () => json5.parse<unknown>(escapeLineEnds(bare)),
  ]) {
    try {
      return read()
    } catch {
      // The next, more lenient reader may manage.
    }
  }
  return undefined
}

/** A raw line end inside of a string, which neither JSON nor JSON5 takes. */
function escapeLineEnds(text: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"/gs, (string) => string.replace(/\r?\n/g, '\\n'))
}

function findTyped(value: unknown, type: string): Readonly<Record<string, unknown>>[] {
  const found: Readonly<Record<string, unknown>>[] = []
  const waiting: unknown[] = [value]
  for (let looked = 0; waiting.length > 0 && looked < mostObjects; looked += 1) {
    const next = waiting.pop()
    if (typeof next !== 'object' || next === null) continue
    // Neither null nor a list: a plain object, whose values are checked where they are used.
    if (!Array.isArray(next) && isOfType((next as Record<string, unknown>)['@type'], type)) found.push(next as Record<string, unknown>)
    waiting.push(...Object.values(next).reverse())
  }
  return found
}

/** `JobPosting`, or spelled out as `https://schema.org/JobPosting`. */
function isOfType(value: unknown, type: string): boolean {
  return [value].flat().some((one) => typeof one === 'string' && (one === type || /^https?:\/\/schema\.org\/(?<name>\w+)$/.exec(one)?.groups?.['name'] === type))
}
