import { keySpan, type Declarer } from '../declaration.ts'
import type { SourceText } from '../source-text.ts'
import { outlineJson } from '../structure/json.ts'
import { childOf, childValue, valueOf, type Node, type Outline } from '../structure/outline.ts'
import { outlineToml } from '../structure/toml.ts'

type Tell = Parameters<Declarer>[1]

/** poetry.lock, uv.lock, pdm.lock and pylock.toml: the source of every package, else the address of its first file. */
export function declarePythonLock(file: SourceText, tell: Tell): void {
  const outline = outlineToml(file.text)
  for (const table of ['package', 'packages']) {
    for (const entry of childOf(outline.root, table)?.children ?? []) {
      const node = childOf(entry, 'name')
      const name = valueOf(outline, node)
      if (node !== null && name !== null) tell({ name, ecosystem: 'pypi', start: node.start, end: node.end, url: addressOf(outline, entry) })
    }
  }
}

function addressOf(outline: Outline, entry: Node): string | null {
  const source = childOf(entry, 'source')
  for (const key of ['url', 'registry', 'git']) {
    const url = childValue(outline, source, key)
    if (url !== null) return url
  }
  const index = childValue(outline, entry, 'index')
  if (index !== null) return index
  for (const key of ['sdist', 'wheels', 'files', 'vcs', 'archive']) {
    const place = childOf(entry, key)
    const url = childValue(outline, place, 'url') ?? childValue(outline, place?.children[0] ?? null, 'url')
    if (url !== null) return url
  }
  return null
}

/** Pipfile.lock: every package names its index; without a name it comes from the only one. */
export function declarePipfileLock(file: SourceText, tell: Tell): void {
  const outline = outlineJson(file.text)
  const indexes = new Map<string, string>()
  for (const source of childOf(childOf(outline.root, '_meta'), 'sources')?.children ?? []) {
    indexes.set(childValue(outline, source, 'name') ?? '', childValue(outline, source, 'url') ?? '')
  }
  const only = indexes.size === 1 ? [...indexes.values()][0] : undefined
  for (const section of ['default', 'develop']) {
    for (const entry of childOf(outline.root, section)?.children ?? []) {
      const direct = childValue(outline, entry, 'git') ?? childValue(outline, entry, 'file')
      const index = childValue(outline, entry, 'index')
      const url = direct ?? (index === null ? only : indexes.get(index)) ?? null
      tell({ name: entry.key, ecosystem: 'pypi', ...keySpan(outline.text, entry, entry.key), url })
    }
  }
}

/** Characters of a line that are read. */
const maxLine = 2_000

/**
 * requirements.txt: `name @ url`, `url#egg=name`, and every name of a file whose only index is set with `--index-url`.
 * `--extra-index-url` is too weak: nobody can tell which of the indexes a name comes from.
 */
export function declareRequirements(file: SourceText, tell: Tell): void {
  const index = onlyIndex(file.text)
  let continued = false
  for (let number = 0; ; number += 1) {
    const line = file.line(number)
    if (line === null) return
    const text = file.text.slice(line.start, Math.min(line.end, line.start + maxLine))
    // What goes on from the line before are hashes and options.
    if (!continued) tellRequirement(text, line.start, index, tell)
    continued = text.trimEnd().endsWith('\\')
  }
}

function tellRequirement(text: string, offset: number, index: string | null, tell: Tell): void {
  const direct = /^\s{0,20}(?:(?:-e|--editable)[\s=]{1,4})?(?<url>[\w+]{2,20}:\/\/[^\s#]{1,1000})#(?:[^\s#]{0,300}&)?egg=(?<name>[\w.-]{1,200})/.exec(text)?.groups
  const plain = /^\s{0,20}(?<name>[A-Za-z0-9][\w.-]{0,199})\s{0,20}(?:\[[^\]]{0,200}\])?\s{0,20}(?:@\s{0,20}(?<url>[^\s;]{1,1000})|[=~><!;#\\]|$)/.exec(text)?.groups
  const name = direct?.['name'] ?? plain?.['name']
  if (name === undefined) return
  const url = direct?.['url'] ?? plain?.['url']
  const start = offset + (direct === undefined ? text.indexOf(name) : text.indexOf(name, text.indexOf('egg=')))
  const end = start + name.length
  if (url !== undefined) tell({ name, ecosystem: 'pypi', start, end, url })
  else tell({ name, ecosystem: 'pypi', start, end, url: index, how: 'the only index of the file is' })
}

/** The address of the one `--index-url`; null where there is none, or another index beside it. */
function onlyIndex(text: string): string | null {
  if (/^[ \t]{0,20}(?:--extra-index-url|--find-links|-f)[ \t=]/m.test(text)) return null
  const found = [...text.matchAll(/^[ \t]{0,20}(?:-i|--index-url)[ \t=]{1,10}(?<url>\S{1,1000})/gm)]
  return found.length === 1 ? (found[0]?.groups?.['url'] ?? null) : null
}
