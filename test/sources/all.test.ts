import { expect, test } from 'vitest'
import type { Json } from '../../src/contracts/json.ts'
import type { Hit } from '../../src/contracts/source.ts'
import type { Place } from '../../src/remotes/github/shares.ts'
import { sources } from '../../src/sources/all.ts'
import { sourceSettings, type SourceSettings } from '../../src/sources/settings.ts'
import { secret, testSource, type SourceSample } from './contract.ts'
import { hit } from './github-code/github-answers.ts'
import { robotsKey } from '../../src/remotes/web/crawler.ts'

/** The defaults, with one place switched on. */
function githubSettings(origin: string, place: Place): SourceSettings['github'] {
  return sourceSettings.parse({ github: { token: secret, apiUrl: origin, graphqlUrl: `${origin}/graphql`, places: [place] } }).github
}

const boardHit = (locator: Json): Hit => ({ ref: `acme/${JSON.stringify(locator)}`, contentHash: null, locator: ['acme', locator], container: 'acme', path: null })
/** A board of the company's own: read whole, told nothing. */
const board = (row: (origin: string) => Record<string, unknown>, more: Partial<SourceSample> = {}): SourceSample => ({
  settings: (origin) => sourceSettings.parse({ jobs: { boards: [row(origin)] } }),
  whole: true,
  terms: [],
  hits: [],
  placeLocator: ['acme', '7', null],
  ...more,
})
const githubTerms = [{ text: 'acme-corp-auth-client', covers: ['1'] }, { text: '@acme-corp/billing', covers: ['2', '3'] }]
/** A robots.txt that was read and allows everything. */
const allowed = (origin: string) => [[robotsKey(origin), { text: '', at: Date.parse('2026-11-22T12:00:00Z') }]] as const
const emptyList = ['an empty list']

/** One sample per source: a source without one fails the first test below. */
const samples: Readonly<Record<string, SourceSample>> = {
  ashby: board((origin) => ({ type: 'ashby', board: 'acme', apiUrl: origin })),
  bamboohr: board((origin) => ({ type: 'bamboohr', company: 'acme', url: origin }), { hits: [boardHit('41')], placeLocator: ['acme', '41', '41'] }),
  breezy: board((origin) => ({ type: 'breezy', company: 'acme', url: origin }), { honest: emptyList }),
  'github-code': {
    settings: (origin) => ({
      github: githubSettings(origin, 'code'),
    }),
    terms: [
      { text: 'acme-corp-auth-client', covers: ['1'] },
      { text: '@acme-corp/billing', covers: ['2', '3'] },
    ],
    hits: [hit('a', { path: 'secret-one.json' }), hit('b', { path: 'secret-two.json' })],
  },
  'github-commits': { settings: (origin) => ({ github: githubSettings(origin, 'commits') }), terms: githubTerms, hits: [], placeLocator: { nodeId: 'R_1', repositoryId: '1', sha: 'c0ffee0000000000000000000000000000000001' } },
  'github-gists': {
    settings: (origin) => ({ github: githubSettings(origin, 'gists') }),
    whole: true,
    terms: [],
    hits: [{ ref: 'gist:aa5a315d61ae9438b18d', contentHash: null, container: 'ann/secret-gist', path: null, locator: { id: 'aa5a315d61ae9438b18d', login: 'ann', updatedAt: '2026-11-22T12:00:00Z' } }],
    honest: emptyList,
  },
  'github-issues': {
    settings: (origin) => ({ github: githubSettings(origin, 'issues') }),
    terms: githubTerms,
    hits: [{
      ref: 'discussion:D_1:comments', contentHash: null, container: 'ann/secret-repository', path: null,
      locator: { kind: 'discussion', repository: 'ann/secret-repository', repositoryId: '1', nodeId: 'D_1', title: 'secret title', url: 'https://github.com/ann/secret-repository/discussions/1', updatedAt: '2026-11-22T12:00:00Z+1', after: null },
    }],
  },
  'github-repositories': { settings: (origin) => ({ github: githubSettings(origin, 'repositories') }), terms: githubTerms, hits: [] },
  'github-roster': {
    settings: (origin) => ({ github: githubSettings(origin, 'roster') }),
    whole: true,
    terms: [],
    hits: [{
      ref: 'push:1:main:a...b', contentHash: null, container: 'ann/secret-repository', path: null,
      locator: { kind: 'push', push: { repositoryId: '1', name: 'ann/secret-repository', branch: 'main', before: null, head: 'c0ffee0000000000000000000000000000000001', by: 'ann', at: '2026-11-22T12:00:00Z' } },
    }],
    honest: emptyList,
  },
  greenhouse: board((origin) => ({ type: 'greenhouse', board: 'acme', apiUrl: origin }), { hits: [boardHit(127_817)], placeLocator: ['acme', '127817', null] }),
  'hacker-news': {
    settings: (origin) => sourceSettings.parse({ hackerNews: { apiUrl: origin } }),
    terms: [{ text: 'acme-corp-auth-client', covers: ['1'] }, { text: '@acme-corp/billing', covers: ['2', '3'] }],
    hits: [{ ref: 'thread/42', contentHash: null, locator: '42', container: 'Hacker News', path: null }],
  },
  lever: board((origin) => ({ type: 'lever', site: 'acme', apiUrl: origin }), { honest: emptyList }),
  page: board((origin) => ({ type: 'page', url: `${origin}/careers` }), {
    memory: allowed, placeLocator: null,
    // Any text is a page; one that moved away is gone; whether robots.txt allows it is asked again after a 403.
    honestRecheck: ['403', 'truncated JSON', 'an empty object', 'an empty list', 'null', 'a redirect to another host', 'a body without bounds'],
    placeAt: (origin) => ({ ref: `${origin}/careers`, locator: { start: `${origin}/careers` } }),
  }),
  personio: board((origin) => ({ type: 'personio', company: 'acme', url: origin })),
  recruitee: board((origin) => ({ type: 'recruitee', company: 'acme', url: origin })),
  smartrecruiters: board((origin) => ({ type: 'smartrecruiters', company: 'acme', consent: true, apiUrl: origin }), { hits: [boardHit('743991')], placeLocator: ['acme', '743991', '743991'] }),
  'stack-exchange': {
    settings: (origin) => sourceSettings.parse({ stackexchange: { key: secret, apiUrl: origin } }),
    terms: [{ text: 'acme-corp-auth-client', covers: ['1'] }, { text: '@acme-corp/billing', covers: ['2', '3'] }],
    hits: [{ ref: 'stackoverflow/7', contentHash: null, locator: { site: 'stackoverflow', kind: 'post', post: 7 }, container: 'stackoverflow.com', path: null }],
  },
  teamtailor: board((origin) => ({ type: 'teamtailor', company: 'acme', url: origin })),
  'web-assets': { settings: (origin) => sourceSettings.parse({ webAssets: { sites: [`${origin}/`] } }), whole: true, terms: [], hits: [], memory: allowed },
  workable: board((origin) => ({ type: 'workable', company: 'acme', apiUrl: origin })),
  workday: { ...board((origin) => ({ type: 'workday', tenant: 'acme', site: 'jobs', url: origin, consent: true })), hits: [{ ...boardHit('/job/a'), locator: ['acme/jobs', '/job/a'] }], placeLocator: ['acme/jobs', '/job/a', '/job/a'] },
}

test('every source has a sample here, and every sample a source', () => {
  expect(Object.keys(samples).toSorted()).toEqual(sources.map(({ id }) => id).toSorted())
})

test('the list is in alphabetical order, and no id comes twice', () => {
  const ids = sources.map(({ id }) => id)
  expect([...new Set(ids)].toSorted()).toEqual(ids)
})

for (const source of sources) {
  const sample = samples[source.id]
  if (sample !== undefined) testSource(source, sample)
}
