import { expect, test } from 'vitest'
import type { Place } from '../../src/remotes/github/shares.ts'
import { sources } from '../../src/sources/all.ts'
import { sourceSettings, type SourceSettings } from '../../src/sources/settings.ts'
import { secret, testSource, type SourceSample } from './contract.ts'
import { hit } from './github-code/github-answers.ts'

/** The defaults, with one place switched on. */
function githubSettings(origin: string, place: Place): SourceSettings['github'] {
  return sourceSettings.parse({ github: { token: secret, apiUrl: origin, graphqlUrl: `${origin}/graphql`, places: [place] } }).github
}

/** One sample per source: a source without one fails the first test below. */
const samples: Readonly<Record<string, SourceSample>> = {
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
