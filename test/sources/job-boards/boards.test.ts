import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Document } from '../../../src/contracts/document.ts'
import type { Hit, OpenSource, Source } from '../../../src/contracts/source.ts'
import { Permanent, Transient } from '../../../src/errors.ts'
import { loadConfig } from '../../../src/config.ts'
import { compile } from '../../../src/matching/compile.ts'
import { createHttp } from '../../../src/net/http.ts'
import { createForgetfulMemory } from '../../../src/runs/source-memory.ts'
import { startSandbox, type Sandbox } from '../../../src/sandbox/start.ts'
import { sources } from '../../../src/sources/all.ts'
import { sourceSettings, type SourceSettings } from '../../../src/sources/settings.ts'

const now = () => new Date('2026-11-22T12:00:00Z')
let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox({ repositories: [], now })
})
afterAll(() => sandbox.close())

type Row = (origin: string, board: string) => Record<string, unknown>
/** How each provider is configured, and which of the planted ads its form can show. */
const providers: Readonly<Record<string, { readonly row: Row; readonly leaks: readonly string[]; readonly unknown: 'fails' | 'says so' }>> = {
  ashby: { row: (origin, board) => ({ board, apiUrl: `${origin}/boards/ashby` }), leaks: ['HermesBuilder', '@acme-corp/auth-client', 'acmecorp-ledger', 'HermesBuilder'], unknown: 'fails' },
  bamboohr: { row: (origin, board) => ({ company: 'acme', url: `${origin}/boards/bamboohr/${board}` }), leaks: ['HermesBuilder', '@acme-corp/auth-client', 'acmecorp-ledger', 'HermesBuilder'], unknown: 'fails' },
  breezy: { row: (origin, board) => ({ company: 'acme', url: `${origin}/boards/breezy/${board}` }), leaks: ['HermesBuilder', '@acme-corp/auth-client', 'acmecorp-ledger', 'HermesBuilder'], unknown: 'fails' },
  greenhouse: {
    row: (origin, board) => ({ board, apiUrl: `${origin}/boards/greenhouse` }),
    leaks: ['artifactory.acme-corp.com', 'HermesBuilder', '@acme-corp/auth-client', 'acmecorp-ledger', 'HermesBuilder', 'acme-corp-auth'],
    unknown: 'fails',
  },
  lever: { row: (origin, board) => ({ site: board, apiUrl: `${origin}/boards/lever` }), leaks: ['HermesBuilder', '@acme-corp/auth-client', 'acmecorp-ledger', 'HermesBuilder'], unknown: 'fails' },
  personio: { row: (origin, board) => ({ company: 'acme', url: `${origin}/boards/personio/${board}` }), leaks: ['HermesBuilder', '@acme-corp/auth-client', 'acmecorp-ledger', 'HermesBuilder'], unknown: 'fails' },
  recruitee: { row: (origin, board) => ({ company: 'acme', url: `${origin}/boards/recruitee/${board}` }), leaks: ['HermesBuilder', '@acme-corp/auth-client', 'acmecorp-ledger', 'HermesBuilder', 'HermesBuilder'], unknown: 'fails' },
  smartrecruiters: { row: (origin, board) => ({ company: board, consent: true, apiUrl: `${origin}/boards/smartrecruiters` }), leaks: ['HermesBuilder', '@acme-corp/auth-client', 'acmecorp-ledger', 'HermesBuilder'], unknown: 'says so' },
  teamtailor: { row: (origin, board) => ({ company: 'acme', url: `${origin}/boards/teamtailor/${board}` }), leaks: ['HermesBuilder', '@acme-corp/auth-client', 'acmecorp-ledger', 'HermesBuilder'], unknown: 'fails' },
  workable: { row: (origin, board) => ({ company: board, apiUrl: `${origin}/boards/workable` }), leaks: ['HermesBuilder', '@acme-corp/auth-client', 'acmecorp-ledger', 'HermesBuilder'], unknown: 'says so' },
  workday: { row: (origin, board) => ({ tenant: board, site: 'jobs', url: `${origin}/boards/workday`, consent: true }), leaks: ['HermesBuilder', '@acme-corp/auth-client', 'acmecorp-ledger', 'HermesBuilder'], unknown: 'fails' },
}

function settingsFor(type: string, board: string, origin = sandbox.url): SourceSettings {
  return sourceSettings.parse({ jobs: { boards: [{ type, ...providers[type]?.row(origin, board) }] } })
}

function openBoard(type: string, board = 'acme'): OpenSource {
  const source: Source<SourceSettings> | undefined = sources.find(({ id }) => id === type)
  const http = createHttp({ userAgent: 'namesake/test', origins: [sandbox.url], now })
  const open = source?.open(settingsFor(type, board), { http, now, organizations: [], memory: createForgetfulMemory() }) ?? null
  if (open === null) throw new Error(`${type} does not open`)
  return open
}

/** Every page, then everything that it leads to, as the jobs would. */
async function readWhole(source: OpenSource): Promise<{ documents: readonly Document[]; shortfalls: readonly string[] }> {
  const documents: Document[] = []
  const hits: Hit[] = []
  const shortfalls: string[] = []
  const [query] = source.plan({ terms: [], everything: ['1'] }).queries
  if (query === undefined) throw new Error('no watch')
  for (let page: string | null = null, first = true; first || page !== null; first = false) {
    const answer = await source.search(query.input, page)
    documents.push(...answer.documents)
    hits.push(...answer.hits)
    if (answer.shortfall !== null) shortfalls.push(answer.shortfall)
    page = answer.next
  }
  for (const hit of hits) documents.push(...(await source.fetch([hit])).documents)
  return { documents, shortfalls }
}

const lines = [
  { form: 'prefix', kind: 'package', ecosystem: 'npm', text: '@acme-corp/' },
  { form: 'name', kind: 'package', ecosystem: 'npm', text: 'acme-corp-auth' },
  { form: 'prefix', kind: 'package', ecosystem: 'pypi', text: 'acmecorp-' },
  { form: 'name', kind: 'host', ecosystem: null, text: 'artifactory.acme-corp.com' },
  { form: 'name', kind: 'codename', ecosystem: null, text: 'HermesBuilder', near: ['acme'] },
] as const
const matcher = compile(lines.map((line, id) => ({ near: [], ...line, id: String(id), team: null, disclose: 'never', publicOnPurpose: false, where: '' })))

const namesIn = (documents: readonly Document[]): string[] =>
  documents.flatMap((document) => matcher.find(document.text, { own: document.own === true }).map(({ name }) => name))

describe.each(Object.entries(providers))('the boards of %s', (type, { leaks, unknown }) => {
  test('show every planted leak once for each ad that has it, and none of the decoys', async () => {
    const { documents, shortfalls } = await readWhole(openBoard(type))
    expect(namesIn(documents).toSorted()).toEqual([...leaks].toSorted())
    expect(shortfalls).toEqual([])
    expect(documents.every(({ own }) => own === true)).toBe(true)
    expect(documents.filter(({ ref }) => /12781[789]/.test(ref)).every(({ publishedAt }) => publishedAt !== null)).toBe(true)
    expect(new Set(documents.map(({ ref }) => ref)).size).toBe(documents.length)
  })

  test('have no entity, no tag and no escape left in their texts', async () => {
    const { documents } = await readWhole(openBoard(type))
    const text = documents.map((document) => new TextDecoder().decode(document.text)).join('\n')
    expect(text).not.toMatch(/&(?:amp|lt|quot|#\d+);|<\/?(?:p|ul|li|b|code)>/)
    expect(text).toContain('dbt & co.')
  })

  test('that do not exist are never an empty board without a word', async () => {
    const told = await readWhole(openBoard(type, 'nobody')).then(
      ({ shortfalls }) => ({ unknown: 'says so', words: shortfalls.join() }),
      (error: unknown) => ({ unknown: error instanceof Permanent ? 'fails' : 'throws', words: String(error) }),
    )
    expect(told).toEqual({ unknown, words: expect.stringMatching(/is it the right|is not there|another origin/) })
  })

  test.each(['serverError', 'badGatewayHtml', 'connectionReset', 'unavailable'] as const)('fail their run when they answer with %s', async (fault) => {
    sandbox.setFaults({ [fault]: true })
    try {
      await expect(readWhole(openBoard(type))).rejects.toMatchObject({ name: expect.stringMatching(/^(Transient|RetryLater)$/) })
    } finally {
      sandbox.setFaults({ [fault]: false })
    }
  })

  test('say on a check what they are', async () => {
    expect((await openBoard(type).check()).join('\n')).toMatch(/board "[^"]+": \d+ ads/)
  })
})

describe.each(Object.keys(providers))('a recheck of an ad of %s', (type) => {
  const placeOf = ({ ref, locator }: Document) => ({ ref, revision: '', contentHash: '', path: null, lines: [1], formerHashes: [], locator: locator ?? null })

  test('brings it as it is now, while it is there', async () => {
    const { documents } = await readWhole(openBoard(type))
    for (const document of documents) {
      expect(await openBoard(type).recheck?.(placeOf(document), false)).toMatchObject({ state: 'present', document: { ref: document.ref, contentHash: document.contentHash } })
    }
  })

  test('says that it is gone only where the board answers and does not have it', async () => {
    const { documents } = await readWhole(openBoard(type))
    const document = documents.find(({ ref }) => ref.includes('127818'))
    if (document === undefined) throw new Error('the ad was not read')
    const elsewhere = placeOf({ ...document, locator: JSON.parse(JSON.stringify(document.locator).replaceAll('127818', '999999')) })
    expect(await openBoard(type).recheck?.(elsewhere, false)).toMatchObject({ state: 'absent', status: 'gone' })
    sandbox.setFaults({ serverError: true })
    try {
      await expect(openBoard(type).recheck?.(elsewhere, false)).rejects.toBeInstanceOf(Transient)
    } finally {
      sandbox.setFaults({ serverError: false })
    }
  })
})

test('a place that another version stored is unknown, never gone', async () => {
  const place = { ref: 'acme/1', revision: '', contentHash: '', path: null, lines: [], formerHashes: [], locator: 7 }
  expect(await openBoard('lever').recheck?.(place, true)).toMatchObject({ state: 'unknown' })
})

test('an ad that vanished between list and fetch is absent', async () => {
  const fetched = await openBoard('bamboohr').fetch([{ ref: 'acme/1', contentHash: null, locator: ['acme', '1'], container: 'acme', path: null }])
  expect(fetched.absent).toEqual([{ ref: 'acme/1', reason: 'the ad is gone' }])
})

test('a page of HTML where XML was promised is no empty feed', async () => {
  const http = createHttp({ userAgent: 'namesake/test', origins: [sandbox.url], now })
  const source: Source<SourceSettings> | undefined = sources.find(({ id }) => id === 'personio')
  const settings = sourceSettings.parse({ jobs: { boards: [{ type: 'personio', company: 'acme', url: `${sandbox.url}/slack?` }] } })
  const open = source?.open(settings, { http, now, organizations: [], memory: createForgetfulMemory() })
  await expect(open?.search('acme', null)).rejects.toBeInstanceOf(Transient)
})

test('providers that ask programs to stay away want consent', async () => {
  const text = 'organization: { name: Acme }\nsources: { jobs: { boards: [{ type: smartrecruiters, company: acme }] } }\n'
  const { mkdtemp, writeFile, rm } = await import('node:fs/promises')
  const folder = await mkdtemp('/tmp/namesake-boards-')
  try {
    await writeFile(`${folder}/namesake.yaml`, text)
    await expect(loadConfig({ path: `${folder}/namesake.yaml`, env: {} })).rejects.toThrow(/sources\.jobs\.boards\.0\.consent: missing/)
  } finally {
    await rm(folder, { recursive: true })
  }
})
