import { describe, expect, test } from 'vitest'
import { ContractBroken } from '../../../src/errors.ts'
import { readJobPostings } from '../../../src/remotes/html/job-posting.ts'
import { readReferences } from '../../../src/remotes/html/read-references.ts'

const base = 'https://acme-corp.com/careers/x'
const read = (html: string) => readReferences(html, base)

describe('what a page refers to', () => {
  test('are its links, absolute, each once, without fragments and other schemes', () => {
    const html = '<a href="y#z">1</a><a href=" y ">2</a><area href=/m><iframe src="//b.com/f"></iframe><link rel="canonical" href="/c"><a href="mailto:x@y">3</a><a href="http://[">4</a><a>5</a>'
    expect(read(html).links).toEqual(['https://acme-corp.com/careers/y', 'https://acme-corp.com/m', 'https://b.com/f', 'https://acme-corp.com/c'])
  })

  test('counts from the base that the page sets', () => {
    expect(read('<base href="/jobs/"><a href="1">x</a><base href="/other/"><a href="2">x</a>').links).toEqual(['https://acme-corp.com/jobs/1', 'https://acme-corp.com/jobs/2'])
  })

  test('are its scripts and styles, also those that are only preloaded', () => {
    const html = '<script src=a.js></script><link rel=modulepreload href=b.js><link rel=preload as=script href=c.js><link rel=stylesheet href=d.css><link rel=preload as=style href=e.css><link rel=icon href=f.ico>'
    const { scripts, styles } = read(html)
    expect([scripts, styles].map((list) => list.map((one) => one.split('/').at(-1)))).toEqual([['a.js', 'b.js', 'c.js'], ['d.css', 'e.css']])
  })

  test('are scripts inside of it, undecoded, its title and its comments', () => {
    const { inline, title, comments } = read('<title>A &amp; B</title><script>a("&amp;")</script><script type="Application/LD+JSON">{}</script><!-- c --><!---->')
    expect({ inline, title, comments }).toEqual({ title: 'A & B', comments: ['c'], inline: [{ type: '', text: 'a("&amp;")' }, { type: 'application/ld+json', text: '{}' }] })
  })

  test('a page nested without end is refused before it costs time; one with many unclosed elements is read', () => {
    const began = performance.now()
    for (const hostile of ['<b>'.repeat(300_000), '<p><li>'.repeat(300_000), '<b></i></u></zzz>'.repeat(100_000)]) expect(() => read(hostile)).toThrow(ContractBroken)
    expect(performance.now() - began).toBeLessThan(5_000)
    expect(read(`${'<li><a href=1>x'.repeat(5_000)}`).links).toHaveLength(1)
  })
})

describe('a job posting', () => {
  const posting = (value: unknown) => readJobPostings(`<script type="application/ld+json">${JSON.stringify(value)}</script>`).postings
  const description = (text: string) => posting({ '@type': 'JobPosting', description: text })[0]?.text

  test.each([
    ['HTML', '<ul><li>run HermesBuilder</li><li>a &amp; b</li></ul>', 'run HermesBuilder\na & b'],
    ['HTML that is escaped once more', '&lt;p&gt;a &amp;amp; b&lt;/p&gt;', 'a & b'],
    ['plain text with entities', 'a &amp; b', 'a & b'],
    ['escaped text inside of HTML stays escaped once', '<p>&amp;lt;b&amp;gt;</p>', '&lt;b&gt;'],
    ['plain text', 'a < b', 'a < b'],
  ])('is decoded once and only once: %s', (_, text, expected) => {
    expect(description(text)).toBe(expected)
  })

  test('says everything that it has, wherever it stands', () => {
    const [one] = posting({ '@type': 'https://schema.org/JobPosting', title: 'X', skills: ['acme-corp-auth'], hiringOrganization: { '@type': 'Organization', department: { name: 'Orion' } }, identifier: { value: 'PE-1' } })
    for (const text of ['X', 'acme-corp-auth', 'Orion', 'PE-1']) expect(one?.text).toContain(text)
  })

  test.each([['2026-09-01', '2026-09-01T00:00:00.000Z'], ['2026-09-01T10:00:00+02:00', '2026-09-01T08:00:00.000Z'], ['yesterday', null], ['2026-99-99', null], [5, null], [undefined, null]])(
    'was posted %s',
    (datePosted, expected) => {
      expect(posting({ '@type': 'JobPosting', datePosted })[0]?.datePosted?.toISOString() ?? null).toBe(expected)
    },
  )
})
