import { describe, expect, test } from 'vitest'
import { roles, type Match, type Mention } from '../../src/contracts/match.ts'
import { findComments } from '../../src/evidence/comments.ts'
import { findEnclosures } from '../../src/evidence/enclosures.ts'
import { languageOf } from '../../src/evidence/languages.ts'
import { readMarkup } from '../../src/evidence/markup.ts'
import { recognise } from '../../src/evidence/recognise.ts'
import { createSourceText } from '../../src/evidence/source-text.ts'
import { outlineIni } from '../../src/evidence/structure/ini.ts'
import { outlineJson } from '../../src/evidence/structure/json.ts'
import { outlineToml } from '../../src/evidence/structure/toml.ts'
import { outlineXml } from '../../src/evidence/structure/xml.ts'
import { outlineYaml } from '../../src/evidence/structure/yaml.ts'
import { samples } from './labelled/all.ts'
import { matchOf, unmark, type Labelled } from './labelled/sample.ts'

const labelled = samples.map(unmark)
const paths = [...new Set(labelled.map(({ path }) => path))]

/** The same numbers in every run. */
function createRandom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

/** What is wrong with the answers about a text; nothing may be, whatever the text is. Matches outside of it are left out. */
function faultsOf(path: string | null, text: Uint8Array, matches: readonly Match[]): readonly string[] {
  const inside = matches.filter(({ end }) => end <= text.length)
  const mentions = recognise({ path, text }, inside)
  if (mentions.length !== inside.length) return ['a match has no mention']
  return mentions.flatMap((mention, index) => faultsOfMention(text, inside[index], mention))
}

function faultsOfMention(text: Uint8Array, match: Match | undefined, mention: Mention): readonly string[] {
  const faults: string[] = []
  if (mention.start !== match?.start || mention.name !== match.name) faults.push('a mention is not of its match')
  if (!roles.includes(mention.role)) faults.push(`no such role: ${mention.role}`)
  if (mention.snippet.length > 300) faults.push('a snippet is too long')
  if (mention.line < 1 || mention.column < 1 || mention.column > text.length + 1) faults.push('a place is nowhere')
  for (const [key, value] of Object.entries(mention.details)) {
    if (typeof value !== 'string' || value.length > 300 || /\p{Cc}/u.test(value)) faults.push(`the detail ${key} is not plain text`)
  }
  return faults
}

describe('samples that were damaged', () => {
  test.each(labelled.map((entry, index) => [entry.path ?? `a post (${index})`, entry, index] as const))('%s gets an answer, wherever it is cut off', (_, entry, index) => {
    const random = createRandom(index)
    for (let round = 0; round < 15; round += 1) {
      const length = random(entry.text.length + 1)
      expect(faultsOf(entry.path, entry.text.subarray(0, length), entry.matches), `cut at ${length}`).toEqual([])
    }
  })

  test.each(labelled.map((entry, index) => [entry.path ?? `a post (${index})`, entry, index] as const))('%s gets an answer, whatever is changed in it', (_, entry, index) => {
    const random = createRandom(1_000 + index)
    for (let round = 0; round < 15; round += 1) expect(faultsOf(entry.path, mutated(entry, random), entry.matches), `round ${round}`).toEqual([])
  })

  test('every content gets an answer under every path', () => {
    for (const path of paths) {
      for (const { text, matches } of labelled.filter((_, index) => index % 7 === (path?.length ?? 0) % 7)) expect(faultsOf(path, text, matches)).toEqual([])
    }
  })

  function mutated({ text }: Labelled, random: (below: number) => number): Uint8Array {
    const bytes = Buffer.from(text)
    const structure = Buffer.from('{}[]<>()"\'`:=#/\\-,\n\r\t \u0000&;|$@*%!')
    for (let change = 0; change < 12; change += 1) {
      const at = random(bytes.length)
      const from = random(bytes.length)
      if (change % 3 === 0) bytes[at] = structure[random(structure.length)] ?? 0
      else if (change % 3 === 1) bytes[at] = random(256)
      else bytes.copyWithin(at, from, Math.min(bytes.length, from + random(60)))
    }
    return bytes
  }
})

const unit = 'acme-corp-auth'
/** Pieces which, repeated, hurt readers that look too far, go too deep or look twice. */
const pieces: readonly string[] = [
  `${unit} `, `${unit}\n`, `${unit}\r`, `${unit}-`, `${unit}.`, `${unit}/`, `"${unit}",`, `"${unit}'`, `\\"${unit}`, `\`${unit} `, `${unit}: ${unit}: `, `#${unit} #`, `//${unit}/`,
  '[', '{', '(', '{"a":', '[[', '((((', `{"${unit}":`, `{${unit}: `, `f(${unit},"x",`, '- ', '? ', '  - ', `<${unit}>`, '<a>', `<a ${unit}="`, `<!-- ${unit} `, `</${unit}`, `<![CDATA[${unit}`, `<pre>${unit}</pre>`, `<pre ${unit}`, `<pre>&quot;${unit}&quot;`,
  `\`\`\`\n${unit}\n\`\`\`\n`, `\`\`\`json\n{"dependencies":{"${unit}":"1"}}\n\`\`\`\n`, `~~~\n`, `\n    ${unit}\n`, `npm install ${unit} && `, `npm install ${unit} \\\n`, `from '${unit}' `, `from'from'${unit}'`, `import ${unit}, `, `registry=registry=${unit}`,
  `    at ${unit} (/x:1:1)\n`, `at at at ${unit}`, `https://${unit}@`, `[a.b.${unit}]\n`, `[[${unit}]]\n`, `${unit}.a.`, `a="""${unit}\n`, `'''${unit}\n`, `/*${unit}`, `"${unit}\n`, `group: '${unit}', name: `, `extras_require={'${unit}':[`, `FROM ${unit} \\\n`, `--index-url ${unit} `, `a=${unit}; `, `$(${unit}`, `|${unit}`, '\u0000', `\u00e9${unit}`, ' '.repeat(200), '\t', `${unit}${' '.repeat(100)}`,
]

/** Those of them whose shape, not whose words, is what hurts. */
const structural = pieces.filter((piece) => !/npm|import|from|registry|https|FROM|--index|\$|\| /.test(piece)).filter((piece) => piece.length < 40)

function timeOf(work: () => unknown): number {
  const begun = performance.now()
  work()
  return performance.now() - begun
}

function repeated(piece: string, length: number): string {
  return piece.repeat(Math.ceil(length / piece.length)).slice(0, length)
}

describe('texts that were made to hurt', () => {
  test.each(paths)('%s: gets an answer for each of them', (path) => {
    for (const piece of pieces) {
      const text = Buffer.from(repeated(piece, 3_000))
      const matches: Match[] = []
      for (let at = text.indexOf(unit); at >= 0; at = text.indexOf(unit, at + 200)) matches.push(matchOf(unit, null, at))
      if (matches.length === 0) matches.push(matchOf(text.toString('utf8', 0, 3), null, 0))
      expect(faultsOf(path, text, matches).map((fault) => `${fault}: ${piece}`)).toEqual([])
    }
  })

  const length = 1024 * 1024
  /** A multiple of what a megabyte takes; what is not linear takes far longer. */
  const patience = 1_000
  const python = languageOf('', 'py')?.comments
  const javascript = languageOf('', 'js')?.comments
  if (python === undefined || javascript === undefined) throw new Error('a language is missing')

  test.each<[string, (text: string) => unknown]>([
    ['JSON', outlineJson],
    ['YAML', outlineYaml],
    ['TOML', outlineToml],
    ['XML', outlineXml],
    ['INI', outlineIni],
    ['the lines', (text) => createSourceText('', text).lineAt(text.length)],
    ['comments of Python', (text) => findComments(text, python)],
    ['comments of JavaScript', (text) => findComments(text, javascript)],
    ['brackets and texts', (text) => findEnclosures(text, () => false)],
    ['blocks of Markdown and HTML', (text) => readMarkup(createSourceText('a.md', text), () => () => ({ role: 'code', details: {} }))],
  ])('%s: structure costs at most a second for a megabyte', { timeout: 300_000 }, (_, read) => {
    const slow: string[] = []
    for (const piece of structural) {
      const text = repeated(piece, length)
      // A busy machine may be slow once.
      const inTime = [1, 2, 3].some(() => timeOf(() => read(text)) <= patience)
      if (!inTime) slow.push(piece)
    }
    expect(slow).toEqual([])
  })

  test.each<[string, (text: string) => unknown, readonly string[]]>([
    ['JSON', outlineJson, ['"a":1,\n', '{"a":1},\n', '"a", // b\n']],
    ['YAML', outlineYaml, ['a: b\n', '- a\n', 'a: |\n  b\n']],
    ['TOML', outlineToml, ['[a.b.c]\n', '[[a]]\n', 'a = "b" # c\n']],
    ['XML', outlineXml, ['<a b="c">d</a>\n', '<!-- a -->\n']],
    ['INI', outlineIni, ['[a]\n', 'a = b\n', '; a\n']],
    ['comments', (text) => findComments(text, javascript), ['"a" // b\n', '/* a */\n']],
    ['Markdown', (text) => readMarkup(createSourceText('a.md', text), () => () => ({ role: 'code', details: {} })), ['```\na\n```\n', 'a\n\n    b\n\n', '<pre>a</pre>\n']],
  ])('%s: a long file of short, ordinary lines costs at most a second for a megabyte', { timeout: 300_000 }, (_, read, lines) => {
    const slow = lines.filter((line) => ![1, 2].some(() => timeOf(() => read(repeated(line, 4 * length))) <= 4 * patience))
    expect(slow).toEqual([])
  })

  test.each(['package.json', 'pom.xml', '.gitlab-ci.yml', 'requirements.txt', 'Dockerfile', 'yarn.lock', 'pyproject.toml', 'a.sh', 'a.ts', 'README.md', 'x.log', null])('%s: many mentions on one line cost no more than as many lines', (path) => {
    for (const piece of [`${unit} `, `${unit}-`, `"${unit}",`, `npm install ${unit} `, `(${unit}`]) {
      const text = Buffer.from(repeated(piece, 64 * 1024))
      const matches: Match[] = []
      for (let at = text.indexOf(unit); at >= 0; at = text.indexOf(unit, at + 1)) matches.push(matchOf(unit, null, at))
      // Four thousand mentions: half a millisecond each would be far too much.
      expect(timeOf(() => faultsOf(path, text, matches))).toBeLessThan(2_000)
    }
  })

  test('a structure with a million levels is read without recursion', () => {
    for (const [path, text] of [
      ['package.json', `${'['.repeat(1e6)}"${unit}"`],
      ['pom.xml', `${'<a>'.repeat(1e6)}${unit}`],
      ['.gitlab-ci.yml', `${'- '.repeat(1e6)}${unit}`],
      ['pyproject.toml', `a = ${'['.repeat(1e6)}"${unit}"`],
      ['build.gradle', `${'{'.repeat(1e6)}"${unit}"`],
      ['README.md', `${'>'.repeat(1e6)} ${unit}`],
    ] as const) {
      const bytes = Buffer.from(text)
      expect(recognise({ path, text: bytes }, [matchOf(unit, null, bytes.indexOf(unit))])).toHaveLength(1)
    }
  })
})
