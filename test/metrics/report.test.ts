import { createHash } from 'node:crypto'
import { load } from 'cheerio'
import { strFromU8, unzipSync } from 'fflate'
import { XMLParser } from 'fast-xml-parser'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { exposureXlsx } from '../../src/metrics/exposure-xlsx.ts'
import { reportFinding } from '../../src/metrics/report-finding.ts'
import { exposureHtml } from '../../src/metrics/report/exposure-html.ts'
import { escapeText, html } from '../../src/metrics/report/html.ts'
import { compute, event, reportOf, type TestEvent } from './support.ts'

const found = (id: string, identifier: string, more: Record<string, string | number | boolean | null> = {}) => event(id, 'found', `2026-10-0${(Number(id) % 9) + 1}T00:00:00Z`, {
  reason: 'declared as a dependency in a public file',
  facts: {
    identifier, kind: 'package', ecosystem: 'npm', source: 'github-code', role: 'dependency', severity: 'critical', publicSince: '2026-10-01T00:00:00Z', publicSinceIsLowerBound: false,
    occurrenceId: `${id}0`, url: `https://github.example/x/y/blob/c0/${id}.json#L3`, container: 'x/y', path: `${id}.json`, line: 3, ...more,
  },
})
const end = new Date('2027-01-01T00:00:00Z')

function page(events: readonly TestEvent[], more: Parameters<typeof compute>[2] = {}, asOf?: string) {
  const exposure = compute(events, asOf, more)
  const findings = exposure.names.map((name) => reportFinding(name, events.filter(({ findingId }) => findingId === name.findingId), [], end))
  return exposureHtml({ company: 'Acme & Sons', report: reportOf(exposure), findings, version: '1.0.0' })
}

describe('the page', () => {
  const hostile = ['<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', "'-alert(1)-'", '\u202Egnp.exe', 'a\u200Bb', '</style><script>', '&lt;', 'a\u0000b', '\ud800']

  test('shows what the public wrote, and does nothing of it', () => {
    const text = page(hostile.map((name, index) => found(String(index + 1), name, { url: index === 0 ? 'javascript:alert(1)' : `https://x.example/${name}`, source: name, role: 'prose' })))
    const document = load(text)
    expect(document('script, img, iframe, object, embed, link, form, base').length).toBe(0)
    expect(Object.values(document('*').get().flatMap((element) => Object.keys('attribs' in element ? element.attribs : {}))).filter((name) => name.startsWith('on') || name === 'style')).toEqual([])
    expect(document('a').get().map((element) => element.attribs['href'] ?? '').filter((href) => !href.startsWith('https://'))).toEqual([])
    const names = document('article h3').get().map((element) => document(element).text())
    expect(names).toEqual(expect.arrayContaining(['<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', '⟨U+202E⟩gnp.exe', 'a⟨U+200B⟩b', '&lt;', 'a⟨U+0000⟩b']))
    expect(text).not.toMatch(/[\u202A-\u202E\u2066-\u2069\u200B]/)
  })

  test('fetches nothing and runs nothing: its policy allows its own styles and nothing else', () => {
    const document = load(page([found('1', 'a')]))
    const policy = document('meta[http-equiv="Content-Security-Policy"]').attr('content')
    const hash = createHash('sha256').update(document('style').text()).digest('base64')
    expect(policy).toBe(`default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`)
    expect(document('[src], link, style').length).toBe(1)
    expect(document('style').text()).not.toMatch(/url\(|@import/)
  })

  test('says the number, the goal, the trend and how the quarter came to it', () => {
    const document = load(page([found('1', 'a'), found('2', 'b'), event('2', 'resolved', '2026-11-01T00:00:00Z')]))
    expect(document('.headline .number').text()).toBe('1')
    expect(document('.goal').text()).toBe('goal0not reached')
    expect(document('.flow b').get().map((box) => document(box).text())).toEqual(['0', '+ 2', '+ 0', '− 1', '− 0', '= 1'])
    expect(document('svg[role=img]').first().text().match(/\d{4}-Q\d/g)).toEqual(['2025-Q4', '2026-Q1', '2026-Q2', '2026-Q3', '2026-Q4'])
    expect(document('header').text()).toContain('Acme & Sons · 1 Oct 2026 to 31 Dec 2026 (UTC)')
  })

  test('a zero that is not proven is no proof, and one that is says so', () => {
    const known = new Map([['1', [{ inInventory: true, publicOnPurpose: false, team: null, at: new Date('2026-01-01T00:00:00Z') }]]])
    const day = new Date('2026-10-02T00:00:00Z')
    const span = { identifierId: '1', source: 'github-code', since: day, until: null, provenAt: null, lookedAt: null }
    expect(page([], { identifiers: known, covers: [span] })).toContain('Of 1 of 1 names it is not proven that they are not public: the zero holds for the others only.')
    expect(page([], { identifiers: known, covers: [{ ...span, provenAt: day, lookedAt: day }] })).toContain('the zero is proven, for what the sources show')
    const goal = (text: string) => load(text)('.goal').text()
    expect([goal(page([], { identifiers: known, covers: [span] })), goal(page([], { identifiers: known, covers: [{ ...span, provenAt: day, lookedAt: day }] })), goal(page([]))]).toEqual(['goal0not proven', 'goal0reached', 'goal0not proven'])
    expect(page([])).toContain('The inventory had no names: nothing was looked for, and a zero says nothing.')
  })

  test('says when the quarter goes on', () => {
    expect(page([found('1', 'a')], {}, '2026-11-01T00:00:00Z')).toContain('The quarter has not ended')
    expect(page([found('1', 'a')])).not.toContain('The quarter has not ended')
  })

  test('a chart cuts long words where nobody can hide in them', () => {
    const team = `${'\u202E'}${'x'.repeat(40)}`
    const identifiers = new Map([['1', [{ inInventory: true, publicOnPurpose: false, team, at: new Date('2026-01-01T00:00:00Z') }]]])
    expect(page([found('1', 'a')], { identifiers })).toContain('>⟨U+202E⟩xxxxxxxxx…<')
  })

  test('charts tell their parts apart without colour: by pattern, and by numbers in words', () => {
    const claims = new Map([['1', [{ registry: 'npm', claimable: 'yes' as const, at: new Date('2026-10-05T00:00:00Z') }]]])
    const document = load(page([found('1', 'a'), found('2', 'b')], { claims }))
    const chart = document('svg[role=img]').first()
    expect(new Set(chart.find('rect[stroke]').get().map((bar) => bar.attribs['fill']))).toEqual(new Set(['url(#stripes)', '#1d3f72']))
    expect(document('pattern').get().map((pattern) => pattern.attribs['id'])).toEqual(['stripes', 'dots'])
    expect(chart.attr('aria-label')).toBe('Names exposed at the end of five quarters')
  })

  test('is the same for the same report', () => {
    expect(page([found('1', 'a')])).toBe(page([found('1', 'a')]))
  })
})

describe('escaping', () => {
  test('templates escape values and leave markup alone', () => {
    expect(html`<p class="${'"x'}">${'<b>'}${html`<i>${1}</i>`}${[html`<u></u>`, null]}${null}</p>`.markup).toBe('<p class="&quot;x">&lt;b&gt;<i>1</i><u></u></p>')
  })

  test.each([['\u202E', '⟨U+202E⟩'], ['\u2067', '⟨U+2067⟩'], ['\uFEFF', '⟨U+FEFF⟩'], ['\u00AD', '⟨U+00AD⟩'], ['\n', '⟨U+000A⟩'], ['\u3164', '⟨U+3164⟩'], ['é漢🙂', 'é漢🙂']])('%j is shown as %s', (given, shown) => {
    expect(escapeText(given)).toBe(shown)
  })
})

describe('the workbook', () => {
  const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '', parseTagValue: false, trimValues: false, isArray: (name) => ['row', 'c', 'si', 'sheet'].includes(name) })
  const cell = z.object({ r: z.string(), t: z.string().optional(), v: z.string().optional(), f: z.unknown().optional() })
  const sheetShape = z.object({ worksheet: z.object({ sheetData: z.object({ row: z.array(z.object({ c: z.array(cell).optional() })) }) }) })

  async function open(events: readonly TestEvent[]) {
    const files = unzipSync(await exposureXlsx(reportOf(compute(events))))
    const read = (name: string): unknown => parser.parse(strFromU8(files[name] ?? new Uint8Array()))
    const strings = z.object({ sst: z.object({ si: z.array(z.object({ t: z.union([z.string(), z.object({ '#text': z.string() })]) })) }) }).parse(read('xl/sharedStrings.xml'))
      .sst.si.map(({ t }) => (typeof t === 'string' ? t : t['#text']))
    const sheets = [1, 2, 3, 4].map((number) => sheetShape.parse(read(`xl/worksheets/sheet${number}.xml`)).worksheet.sheetData.row.map(({ c = [] }) =>
      c.map(({ t, v, f }) => ({ isText: t === 's', value: t === 's' ? (strings[Number(v)] ?? null) : (v ?? null), isFormula: f !== undefined }))))
    return { files, sheets }
  }

  test('has the numbers of five quarters, a row per name, the breakdowns and the coverage', async () => {
    const { sheets } = await open([found('1', 'a'), found('2', 'b')])
    const [quarters = [], names = []] = sheets
    expect(quarters[0]?.slice(-5).map(({ value }) => value)).toEqual(['2026-Q4', '2026-Q3', '2026-Q2', '2026-Q1', '2025-Q4'])
    expect(names.map((row) => row[1]?.value)).toEqual(['identifier', 'a', 'b'])
    expect(quarters.find((row) => row[0]?.value === 'exposedAtEnd')?.[1]).toEqual({ isText: false, value: '2', isFormula: false })
  })

  test.each(['=cmd|"/C calc"!A0', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\uFF1D1', '\uFF0B1', '\uFF0D1', '\uFF201'])('a name such as %j is text, and stays text when it is edited', async (name) => {
    const { files, sheets } = await open([found('1', name)])
    const cells = sheets.flat(2)
    expect(cells.filter(({ isFormula }) => isFormula)).toEqual([])
    expect(sheets[1]?.[1]?.[1]).toMatchObject({ isText: true })
    expect(strFromU8(files['xl/styles.xml'] ?? new Uint8Array())).toMatch(/numFmtId="49"|formatCode="@"/)
  })

  test.each(['constructor', '__proto__', 'toString', '<b>&"', 'a\u0000b', 'é漢🙂'])('a name such as %j does not break it', async (name) => {
    const { sheets } = await open([found('1', name)])
    expect(sheets[1]?.[1]?.[1]?.value?.trim()).toBe(name.replace('\u0000', ''))
  })

  test('the same report is the same bytes', async () => {
    const write = async () => Buffer.from(await exposureXlsx(reportOf(compute([found('1', 'a')])))).toString('base64')
    expect(await write()).toBe(await write())
    const { files } = await open([])
    expect(Object.keys(files)).toContain('xl/workbook.xml')
  })
})

describe('a finding as it was', () => {
  const then = (events: readonly TestEvent[], at = end) => {
    const [name] = compute(events, at.toISOString()).names
    if (name === undefined) throw new Error('no name')
    return reportFinding(name, events, [], at)
  }
  const added = event('1', 'place-added', '2026-11-01T00:00:00Z', { facts: { source: 'github-gists', role: 'import', occurrenceId: '11', url: 'https://gist.example/2#L1', container: 'jo', path: 'a.js', line: 1, copyOf: '10' } })

  test('has the places that were known by then, and what had become of them', () => {
    const events = [found('1', 'a'), added, event('1', 'place-gone', '2026-11-05T00:00:00Z', { facts: { occurrenceId: '10', status: 'gone-from-head' } })]
    expect(then(events)).toMatchObject({
      severity: 'critical', reasons: ['declared as a dependency in a public file'], changedAt: '2026-11-05T00:00:00.000Z',
      occurrences: [{ id: '10', status: 'gone-from-head', path: '1.json' }, { id: '11', status: 'live', source: 'github-gists' }],
    })
    expect(then(events, new Date('2026-10-20T00:00:00Z')).occurrences).toMatchObject([{ id: '10', status: 'live' }])
  })

  test('a place that came back is live, at its new address, and known since the first time', () => {
    const back = event('1', 'place-returned', '2026-12-01T00:00:00Z', { facts: { ...found('1', 'a').facts, url: 'https://github.example/x/y/blob/c1/1.json#L9', line: 9 } })
    const events = [found('1', 'a'), event('1', 'place-gone', '2026-11-05T00:00:00Z', { facts: { occurrenceId: '10', status: 'gone' } }), back]
    expect(then(events).occurrences).toMatchObject([{ status: 'live', line: 9, firstSeenAt: '2026-10-02T00:00:00.000Z', lastSeenAt: '2026-12-01T00:00:00.000Z' }])
  })

  test('suppressions quiet a group until they expire', () => {
    const suppressed = event('1', 'suppressed', '2026-11-02T00:00:00Z', { reason: 'our talk', facts: { until: '2027-06-01T00:00:00.000Z', occurrenceId: '11' } })
    expect(then([found('1', 'a'), added, suppressed]).occurrences.map(({ suppressed: quiet }) => quiet?.reason)).toEqual(['our talk', 'our talk'])
    const over = { ...suppressed, facts: { ...suppressed.facts, until: '2026-12-01T00:00:00.000Z' } }
    expect(then([found('1', 'a'), added, over]).occurrences.map(({ suppressed: quiet }) => quiet)).toEqual([null, null])
  })

  test('a severity that the history does not tell errs on the loud side', () => {
    expect(then([found('1', 'a', { severity: null })]).severity).toBe('high')
  })

  test('places of which the history does not tell where they are, are counted', () => {
    const { url: _, ...facts } = found('1', 'a').facts
    expect(then([{ ...found('1', 'a'), facts }])).toMatchObject({ occurrences: [], placesWithoutAddress: 1 })
  })
})
