import { expect, test } from 'vitest'
import { registries } from '../../src/registries/all.ts'
import { testRegistry, type RegistrySample } from './contract.ts'

const missing = { status: 404, body: { error: 'Not found' } }
const missingText = { status: 404, headers: { 'content-type': 'text/plain' }, body: '404 Not Found' }

/** One sample per registry: a registry without one fails the first test below. */
const samples: Readonly<Record<string, RegistrySample>> = {
  npm: {
    name: { kind: 'package', name: 'acme-auth' },
    absent: [missing, missing, missing, missing],
    present: [
      { body: { name: 'acme-auth', 'dist-tags': { latest: '1.0.0' }, versions: { '1.0.0': {} } } },
      { body: { name: 'acme-auth', 'dist-tags': { latest: '1.0.0' }, versions: { '1.0.0': { _npmUser: { name: 'eve' } } }, time: { created: '2026-01-01T00:00:00Z' }, maintainers: [{ name: 'eve' }] } },
    ],
  },
  pypi: {
    name: { kind: 'package', name: 'acme-auth' },
    absent: [missingText, missingText],
    present: [
      { body: { name: 'acme-auth', versions: ['1.0'], files: [{ filename: 'acme_auth-1.0.tar.gz', 'upload-time': '2026-01-01T00:00:00Z' }] } },
      { body: { info: { version: '1.0' }, urls: [], ownership: { roles: [{ user: 'eve' }] } } },
    ],
  },
}

test('every registry has a sample here, and every sample a registry', () => {
  expect(Object.keys(samples).toSorted()).toEqual(registries.map(({ id }) => id).toSorted())
})

test('the list is in alphabetical order, and no id comes twice', () => {
  const ids = registries.map(({ id }) => id)
  expect([...new Set(ids)].toSorted()).toEqual(ids)
})

for (const registry of registries) {
  const sample = samples[registry.id]
  if (sample !== undefined) testRegistry(registry, sample)
}
