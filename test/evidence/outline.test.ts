import * as fc from 'fast-check'
import { XMLParser } from 'fast-xml-parser'
import { describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { outlineIni } from '../../src/evidence/structure/ini.ts'
import { outlineJson } from '../../src/evidence/structure/json.ts'
import { childOf, nodeAt, pathOf, valueOf, type Node, type Outline } from '../../src/evidence/structure/outline.ts'
import { outlineToml } from '../../src/evidence/structure/toml.ts'
import { outlineXml } from '../../src/evidence/structure/xml.ts'
import { outlineYaml } from '../../src/evidence/structure/yaml.ts'

/** Paths and texts of all leaves, as a reader of the outline sees them. */
function leavesOf(outline: Outline): string[] {
  const leaves: string[] = []
  const open: Node[] = [outline.root]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    open.push(...node.children)
    const text = valueOf(outline, node)
    if (text !== null) leaves.push(`${pathOf(node).join(' > ')} = ${text}`)
  }
  return leaves.sort()
}

/** The same of a value that somebody else's parser made. */
function leavesOfValue(value: unknown, path: readonly string[] = []): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => leavesOfValue(item, [...path, '[]'])).sort()
  if (typeof value === 'object' && value !== null) return Object.entries(value).flatMap(([key, item]) => leavesOfValue(item, [...path, key])).sort()
  return [`${path.join(' > ')} = ${String(value)}`]
}

const word = fc.stringMatching(/^[a-z@][\w@/-]{0,14}$/).filter((text) => !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(text))
const scalar = fc.oneof(word, fc.stringMatching(/^[a-z][\w :/.,-]{0,20}[a-z]$/), fc.integer({ min: 0, max: 1e6 }).map(String).map((digits) => `v${digits}`))
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof({ maxDepth: 4 }, fc.dictionary(word, tie('node'), { minKeys: 1, maxKeys: 5, noNullPrototype: true })),
  node: fc.oneof({ maxDepth: 4, withCrossShrink: true }, scalar, fc.array(tie('node'), { minLength: 1, maxLength: 4 }), fc.dictionary(word, tie('node'), { minKeys: 1, maxKeys: 4, noNullPrototype: true })),
}))
const runs = { numRuns: 300, seed: 20261122 }

describe('outlines agree with other parsers', () => {
  test('JSON, compact and indented', () => {
    fc.assert(fc.property(tree, fc.constantFrom(undefined, 2, '\t'), (value, indent) => {
      expect(leavesOf(outlineJson(JSON.stringify(value, null, indent)))).toEqual(leavesOfValue(value))
    }), runs)
  })

  test('YAML in blocks', () => {
    fc.assert(fc.property(tree, fc.boolean(), (value, indentSeq) => {
      expect(leavesOf(outlineYaml(stringify(value, { lineWidth: 0, indentSeq })))).toEqual(leavesOfValue(value))
    }), runs)
  })

  test('YAML inline', () => {
    fc.assert(fc.property(tree, (value) => {
      expect(leavesOf(outlineYaml(stringify(value, { lineWidth: 0, collectionStyle: 'flow', defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN' })))).toEqual(leavesOfValue(value))
    }), runs)
  })

  test('XML', () => {
    const tag = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/)
    const xml = fc.letrec((tie) => ({
      element: fc.tuple(tag, fc.oneof({ maxDepth: 4 }, fc.stringMatching(/^[a-z][\w ./-]{0,10}[a-z]$/), fc.uniqueArray(tie('element') as fc.Arbitrary<string>, { minLength: 1, maxLength: 3, selector: (text) => /^<(\w+)/.exec(text)?.[1] }).map((inner) => inner.join('\n'))))
        .map(([name, inner]) => `<${name} id="x-${name}">${String(inner)}</${name}>`),
    }))
    const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '@', parseTagValue: false, textNodeName: '#' })
    fc.assert(fc.property(xml.element as fc.Arbitrary<string>, (text) => {
      const parsed = leavesOfValue(parser.parse(text)).map((leaf) => leaf.replace(' > # = ', ' = ')).sort()
      expect(leavesOf(outlineXml(text))).toEqual(parsed)
    }), runs)
  })
})

describe('a spot', () => {
  test('is what stands at the beginning of a range, else at its end, else first in it', () => {
    const text = '{"key": "value"}'
    const outline = outlineJson(text)
    expect(outline.at(2, 5)).toMatchObject({ part: 'key', start: 2, end: 5 })
    expect(outline.at(0, 4)).toMatchObject({ part: 'key' })
    expect(outline.at(5, 12)).toMatchObject({ part: 'value' })
    expect(outline.at(5, 8)).toBeNull()
    expect(outline.at(0, text.length)).toMatchObject({ part: 'key' })
    expect(outline.at(15, 16)).toBeNull()
    expect(outlineJson('').at(0, 1)).toBeNull()
  })
})

describe('YAML as it is found', () => {
  const at = (text: string, path: readonly string[]): string | null => {
    const outline = outlineYaml(text)
    return valueOf(outline, nodeAt(outline.root, path))
  }

  test.each<[string, string, readonly string[], string]>([
    ['a block scalar with its lines', 'a:\n  b: |-\n    one\n    two: x\n  c: 3\n', ['a', 'b'], 'one\n    two: x'],
    ['what follows a block scalar', 'a:\n  b: |-\n    one\n\n    two\n  c: 3\n', ['a', 'c'], '3'],
    ['a list at the indentation of its key', 'a:\n- x: 1\n  y: 2\nb: 3\n', ['a', '[]', 'y'], '2'],
    ['a list below its key', 'a:\n  - x: 1\n    y: 2\n', ['a', '[]', 'y'], '2'],
    ['a quoted key with a colon', '"a: b":\n  c: 1\n', ['a: b', 'c'], '1'],
    ['a key of its own line', '? "long key"\n:\n  c: 1\n', ['long key', 'c'], '1'],
    ['a quoted value with a hash', "a: 'x # y' # z\n", ['a'], 'x # y'],
    ['a doubled quote', "a: 'it''s'\nb: 1\n", ['b'], '1'],
    ['a value with a tag and an anchor', 'a: !ref &x value\n', ['a'], 'value'],
    ['an address', 'a: https://x/y:z#f\n', ['a'], 'https://x/y:z#f'],
    ['an inline map over lines', 'a: {b: 1,\n  c: [x, y]}\nd: 2\n', ['d'], '2'],
    ['CRLF', 'a:\r\n  b: 1\r\nc: 2\r\n', ['a', 'b'], '1'],
    ['a second document', 'a: 1\n---\nb:\n  c: 2\n', ['b', 'c'], '2'],
    ['a template of Helm', '{{- if x }}\na:\n  b: {{ .Values.x }}\n{{- end }}\nc: 1\n', ['a', 'b'], '{{ .Values.x }}'],
    ['tabs where they must not be', 'a:\n\tb: 1\nc: 2\n', ['c'], '2'],
  ])('%s', (_, text, path, value) => {
    expect(at(text, path)).toBe(value)
  })

  test('comments belong to no value', () => {
    const text = 'a: 1 # x\n# y\nb: "2" # z\nc: [1, 2] # w\n'
    const outline = outlineYaml(text)
    for (const letter of ['x', 'y', 'z', 'w']) expect(outline.at(text.indexOf(letter), text.indexOf(letter) + 1)?.part).toBe('comment')
  })
})

describe('TOML as it is found', () => {
  const text = `# top
a = 1 # one
[x.y."z.w"]
k = "v # not a comment" # but this
m = [
  "one", # two
  { n = "three", o = ["four"] },
]
s = """
[not.a.table]
k = "no"
"""
[[p]]
name = 'first'
[[p]]
name = "second"
[p.q]
r = "in the second"
b.c.d = true
`
  const outline = outlineToml(text)

  test.each<[readonly string[], string]>([
    [['a'], '1 '],
    [['x', 'y', 'z.w', 'k'], 'v # not a comment'],
    [['x', 'y', 'z.w', 's'], '\n[not.a.table]\nk = "no"\n'],
    [['p', '[]', 'name'], 'second'],
    [['p', '[]', 'q', 'r'], 'in the second'],
    [['p', '[]', 'q', 'b', 'c', 'd'], 'true'],
  ])('%j', (path, value) => {
    expect(valueOf(outline, nodeAt(outline.root, path))).toBe(value)
  })

  test('lists hold their items, comments apart', () => {
    const list = nodeAt(outline.root, ['x', 'y', 'z.w', 'm'])
    expect(list?.children.map((item) => valueOf(outline, item))).toEqual(['one', null])
    expect(valueOf(outline, childOf(list?.children[1] ?? null, 'n'))).toBe('three')
    expect(outline.at(text.indexOf('two'), text.indexOf('two') + 3)?.part).toBe('comment')
  })
})

describe('INI as it is found', () => {
  test('sections, both assignments, values over several lines, comments', () => {
    const text = '; c\ntop = 1\n[s]\nkey: value\nlist =\n    one\n    # not one\n    two\n//host/:_auth=x=y\nquoted = "q"\n'
    const outline = outlineIni(text)
    expect(valueOf(outline, nodeAt(outline.root, ['top']))).toBe('1')
    expect(valueOf(outline, nodeAt(outline.root, ['s', 'key']))).toBe('value')
    expect(valueOf(outline, nodeAt(outline.root, ['s', '//host/:_auth']))).toBe('x=y')
    expect(valueOf(outline, nodeAt(outline.root, ['s', 'quoted']))).toBe('q')
    expect(outline.at(text.indexOf('two'), text.indexOf('two') + 3)).toMatchObject({ part: 'value', node: { key: 'list' } })
    expect(outline.at(text.indexOf('not one'), text.indexOf('not one') + 3)?.part).toBe('comment')
  })
})

describe('XML as it is found', () => {
  const at = (text: string, path: readonly string[]): string | null => {
    const outline = outlineXml(text)
    return valueOf(outline, nodeAt(outline.root, path))
  }

  test.each<[string, string, readonly string[], string]>([
    ['CDATA', '<a><![CDATA[x < y]]></a>', ['a'], 'x < y'],
    ['a namespace', '<m:a xmlns:m="u"><m:b>1</m:b></m:a>', ['a', 'b'], '1'],
    ['a closed element', '<a><b x="1"/><c>2</c></a>', ['a', 'c'], '2'],
    ['a closing tag that fits nothing', '<a></x><b>1</b></a>', ['a', 'b'], '1'],
    ['an element that is never closed', '<a><br><b>1</b></a><c>2</c>', ['c'], '2'],
    ['a comment with tags', '<a><!-- <b>0</b> --><b>1</b></a>', ['a', 'b'], '1'],
    ['quotes of both kinds', `<a b='x "y"' c="z"/>`, ['a', '@b'], 'x "y"'],
    ['an angle that is no tag', '<a>1 < 2<b>x</b></a>', ['a', 'b'], 'x'],
    ['a document type', '<!DOCTYPE x><a>1</a>', ['a'], '1'],
  ])('%s', (_, text, path, value) => {
    expect(at(text, path)).toBe(value)
  })
})
