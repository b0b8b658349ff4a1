import { verdict, type Place, type Verdict } from './format.ts'
import { readPlain } from './plain.ts'
import { createSourceText, lastAtOrBelow, type LineSpan, type SourceText } from './source-text.ts'

/** A piece of code inside prose. */
interface Block {
  readonly start: number
  readonly end: number
  /** What the author calls it: the info string of a fence, or a class; lower-cased, may be ''. */
  readonly label: string
  /** Entities and tags stand in it. */
  readonly html: boolean
}

/** Blocks that are opened; a text with more mentions in code than that is no text. */
const maxBlocks = 500
const maxLine = 1_000

const markdownExtensions = new Set(['md', 'markdown', 'mdx', 'rst', 'adoc', 'asciidoc', 'rmd', 'qmd', 'org', 'wiki', 'txt'])
const htmlExtensions = new Set(['html', 'htm', 'xhtml'])

/** Markdown, HTML, or a text without a path, which is somebody's post and may be either; false for anything else. */
export function isMarkup(file: SourceText): boolean {
  return file.path === '' || markdownExtensions.has(file.extension) || htmlExtensions.has(file.extension) || /^(?:readme|changelog|contributing|history|changes)$/.test(file.base)
}

/**
 * Reads prose with code in it: fenced and indented blocks, `<pre>`, `<script>`. A block is read as the file that it
 * shows (`open`), everything else as prose.
 */
export function readMarkup(file: SourceText, open: (file: SourceText) => (place: Place) => Verdict): (place: Place) => Verdict {
  const blocks = findBlocks(file)
  const starts = blocks.map(({ start }) => start)
  const opened = new Map<Block, (place: Place) => Verdict>()
  const prose = readPlain(file, 'prose')
  return (place) => {
    const block = blocks[lastAtOrBelow(starts, place.start)]
    if (block === undefined || place.start < block.start || place.start >= block.end) return readInline(file, place) ?? prose(place)
    const known = opened.get(block)
    if (known === undefined && opened.size >= maxBlocks) return verdict('code', { in: 'code block' })
    const read = known ?? open(blockText(file, block))
    opened.set(block, read)
    const { role, details } = read({ ...place, start: place.start - block.start, end: Math.min(place.end, block.end) - block.start })
    return verdict(role, { in: 'code block', ...details })
  }
}

/** In order; of two that overlap the one that begins first counts. */
function findBlocks(file: SourceText): readonly Block[] {
  const isHtml = htmlExtensions.has(file.extension)
  if (isHtml) return htmlBlocks(file.text, isHtml, [])
  const fenced = markdownBlocks(file)
  const blocks: Block[] = []
  for (const block of [...htmlBlocks(file.text, isHtml, fenced), ...fenced].sort((a, b) => a.start - b.start)) {
    if (block.start >= (blocks.at(-1)?.end ?? 0)) blocks.push(block)
  }
  return blocks
}

/**
 * Elements whose text is code. In HTML one that nothing closes goes on to the end; in Markdown it is a word about HTML,
 * as is one in the middle of a sentence. Tags inside of `others` are theirs.
 */
function htmlBlocks(text: string, isHtml: boolean, others: readonly Block[]): readonly Block[] {
  const blocks: Block[] = []
  const unclosed = new Set<string>()
  const starts = others.map(({ start }) => start)
  const opening = /<(?<name>pre|script|style)\b(?<attributes>[^<>]{0,500})>/gi
  for (let found = opening.exec(text); found !== null; found = opening.exec(text)) {
    const name = found.groups?.['name']?.toLowerCase() ?? ''
    if (unclosed.has(name) || (!isHtml && !beginsBlock(text, found.index))) continue
    const other = others[lastAtOrBelow(starts, found.index)]
    if (other !== undefined && other.start <= found.index && found.index < other.end) {
      opening.lastIndex = other.end
      continue
    }
    const start = opening.lastIndex
    const end = closingTag(text, name, start)
    if (end === null) unclosed.add(name)
    if (end === null && !isHtml) continue
    const inner = /^\s*<code\b(?<attributes>[^<>]{0,500})>/i.exec(text.slice(start, Math.min(end ?? text.length, start + 600)))
    const attributes = `${found.groups?.['attributes'] ?? ''} ${inner?.groups?.['attributes'] ?? ''}`
    blocks.push({ start, end: end ?? text.length, label: name === 'pre' ? labelOf(attributes) : name === 'script' ? 'js' : 'css', html: name === 'pre' })
    opening.lastIndex = end ?? text.length
  }
  return blocks
}

/** At the beginning of a line, or behind another tag. */
function beginsBlock(text: string, offset: number): boolean {
  return offset === 0 || /(?:^|[\n\r>])[ \t]{0,20}$/.test(text.slice(Math.max(0, offset - 21), offset))
}

function closingTag(text: string, name: string, from: number): number | null {
  for (let at = text.indexOf('</', from); at >= 0; at = text.indexOf('</', at + 2)) {
    if (text.slice(at + 2, at + 2 + name.length).toLowerCase() === name) return at
  }
  return null
}

/** `language-json`, `lang-json`, `highlight-source-json`, `lang="json"`. */
function labelOf(attributes: string): string {
  return /(?:lang(?:uage)?-|highlight-(?:source|text)-|lang=["']?|brush:\s?)(?<label>[\w#+-]{1,30})/i.exec(attributes)?.groups?.['label']?.toLowerCase() ?? ''
}

function markdownBlocks(file: SourceText): readonly Block[] {
  const blocks: Block[] = []
  let fence: { readonly mark: string; readonly start: number; readonly label: string } | null = null
  let indented: { start: number; end: number; label: string } | null = null
  // An indented block follows a blank line, and is not the continuation of a list.
  let afterBlank = true
  let inList = false
  let directive: string | null = null
  for (let index = 0; ; index += 1) {
    const line = file.line(index)
    if (line === null) break
    const text = file.text.slice(line.start, Math.min(line.end, line.start + maxLine))
    if (fence !== null) {
      if (closes(text, fence.mark)) {
        blocks.push({ start: fence.start, end: line.start, label: fence.label, html: false })
        fence = null
      }
      continue
    }
    const mark = /^[\s>*+\d.)-]{0,40}?(?<mark>`{3,}|~{3,})(?<label>[^`]{0,200})$/.exec(text)?.groups ?? adocFence(file, text)
    const isBlank = text.trim() === ''
    const isIndented = /^(?: {4}|\t| {1,3}\t)/.test(text) || (directive !== null && /^\s{2,}\S/.test(text))
    if (indented !== null && !isBlank && !isIndented) {
      blocks.push({ ...indented, html: false })
      indented = null
      directive = null
    }
    if (indented !== null && !isBlank) indented.end = line.end
    else if (mark !== undefined) fence = { mark: mark['mark'] ?? '', start: nextStart(file, line), label: (mark['label'] ?? '').trim().toLowerCase() }
    else if (!isBlank && isIndented && afterBlank && (!inList || directive !== null)) indented = { start: line.start, end: line.end, label: directive ?? '' }
    else if (!isBlank && !isIndented) {
      inList = /^\s{0,3}(?:[*+-]|\d{1,9}[.)])\s/.test(text)
      directive = /^\s*\.\.\s(?:code|code-block|sourcecode|highlight)::\s*(?<label>[\w+#-]*)/.exec(text)?.groups?.['label']?.toLowerCase() ?? (/::\s*$/.test(text) && file.extension === 'rst' ? '' : null)
    }
    afterBlank = isBlank
  }
  if (fence !== null) blocks.push({ start: fence.start, end: file.text.length, label: fence.label, html: false })
  if (indented !== null) blocks.push({ ...indented, html: false })
  return blocks
}

function adocFence(file: SourceText, text: string): Record<string, string> | undefined {
  const mark = file.extension === 'adoc' || file.extension === 'asciidoc' ? /^(?:-{4,}|\.{4,})\s*$/.exec(text)?.[0].trim() : undefined
  return mark === undefined ? undefined : { mark, label: '' }
}

/** As many of the same mark, or more, and nothing else, closes a fence. */
function closes(text: string, mark: string): boolean {
  const line = text.replace(/^[\s>]{0,40}/, '').trimEnd()
  // AsciiDoc's delimiters are as long as each other.
  if (mark.startsWith('-') || mark.startsWith('.')) return line === mark
  return line.startsWith(mark) && line === mark.charAt(0).repeat(line.length)
}

function nextStart(file: SourceText, line: LineSpan): number {
  return file.line(line.index + 1)?.start ?? file.text.length
}

/** The block as a file of its own, of the same length: what is not code becomes blanks. */
function blockText(file: SourceText, block: Block): SourceText {
  const raw = file.text.slice(block.start, block.end)
  const text = block.html ? withoutTags(raw) : raw.replaceAll(/^[ \t]{0,3}>(?: ?>){0,10}/gm, (quote) => ' '.repeat(quote.length))
  return createSourceText(pathOf(block.label), text)
}

/** Info strings name a language (`json`), sometimes a file (`json title="package.json"`, `json:package.json`). */
function pathOf(label: string): string {
  const named = /(?:^|[\s:="'{])(?<path>[\w./-]{0,100}?(?:dockerfile|gemfile|\.npmrc|[\w-]{1,60}\.(?:json|toml|xml|ya?ml|txt|lock|gradle|kts|cfg|conf|config|mod)))(?:$|[\s"'}])/.exec(label)?.groups?.['path']
  if (named !== undefined) return named
  const word = /^\{?\.?(?<word>[\w+#.-]{1,40})/.exec(label)?.groups?.['word'] ?? ''
  return blockPaths.get(word) ?? (word === '' ? 'block' : `block.${word}`)
}

/** Words for a language that are names of a format's file. */
const blockPaths: ReadonlyMap<string, string> = new Map([
  ['dockerfile', 'dockerfile'], ['docker', 'dockerfile'], ['npmrc', '.npmrc'], ['gemfile', 'gemfile'], ['pom', 'pom.xml'], ['maven', 'pom.xml'], ['requirements', 'requirements.txt'],
  ['gradle', 'build.gradle'], ['go.mod', 'go.mod'], ['gomod', 'go.mod'], ['jenkinsfile', 'jenkinsfile'], ['terraform', 'block.tf'], ['text', 'block'], ['txt', 'block'], ['plaintext', 'block'], ['plain', 'block'], ['none', 'block'], ['output', 'block.log'], ['log', 'block.log'], ['logs', 'block.log'],
])

/** Tags become blanks, entities the character they stand for, padded to their length. */
function withoutTags(html: string): string {
  let inQuotes = false
  return html.replaceAll(/<\/?[a-z][^<>]{0,500}>|&(?:quot|#34|#x22|lt|gt|amp|apos|#39|#x27|#47|#64);/gi, (found) => {
    if (found.startsWith('<')) return ' '.repeat(found.length)
    const character = entities.get(found.toLowerCase()) ?? ' '
    const padding = ' '.repeat(found.length - 1)
    // Blanks belong outside of a text, so that its key or value stays whole.
    if (character !== '"') return character === '<' ? padding + character : character + padding
    inQuotes = !inQuotes
    return inQuotes ? padding + character : character + padding
  })
}

const entities: ReadonlyMap<string, string> = new Map([
  ['&quot;', '"'], ['&#34;', '"'], ['&#x22;', '"'], ['&lt;', '<'], ['&gt;', '>'], ['&amp;', '&'], ['&apos;', "'"], ['&#39;', "'"], ['&#x27;', "'"], ['&#47;', '/'], ['&#64;', '@'],
])

/** Between backticks, or in `<code>`, on one line. */
function readInline(file: SourceText, place: Place): Verdict | null {
  const line = file.lineAt(place.start)
  const before = file.text.slice(Math.max(line.start, place.start - 300), place.start)
  const after = file.text.slice(place.end, Math.min(line.end, place.end + 300))
  let ticks = 0
  for (let at = before.indexOf('`'); at >= 0; at = before.indexOf('`', at + 1)) ticks += 1
  const inTicks = ticks % 2 === 1 && after.includes('`')
  const inCode = before.toLowerCase().lastIndexOf('<code') > before.toLowerCase().lastIndexOf('</code')
  return inTicks || inCode ? verdict('code', { in: 'inline code' }) : null
}
