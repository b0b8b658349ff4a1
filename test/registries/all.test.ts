import type { ServerResponse } from 'node:http'
import { expect, test } from 'vitest'
import { registries } from '../../src/registries/all.ts'
import type { Seen } from '../net/scripted-server.ts'
import { testRegistry, type RegistrySample } from './contract.ts'

const missing = { status: 404, body: { error: 'Not found' } }
const missingText = { status: 404, headers: { 'content-type': 'text/plain' }, body: '404 Not Found' }

const nugetIndex = (response: ServerResponse, seen: Seen): void => {
  const base = `http://${seen.headers.host ?? ''}`
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify({ resources: [
    { '@id': `${base}/flat/`, '@type': 'PackageBaseAddress/3.0.0' }, { '@id': `${base}/registration/`, '@type': 'RegistrationsBaseUrl/3.6.0' }, { '@id': `${base}/query`, '@type': 'SearchQueryService' },
  ] }))
}

/** One sample per registry: a registry without one fails the first test below. */
const samples: Readonly<Record<string, RegistrySample>> = {
  crates: {
    name: { kind: 'package', name: 'acme-auth' },
    absent: [{ status: 404, body: { errors: [{ detail: 'crate `acme-auth` does not exist' }] } }],
    present: [{ body: { crate: { id: 'acme-auth', max_version: '1.0.0', created_at: '2026-01-01T00:00:00Z' }, versions: [{ num: '1.0.0' }] } }, { body: { users: [{ login: 'eve' }] } }],
  },
  docker: {
    name: { kind: 'package', name: 'acme/base' },
    absent: [missing, missing, missing],
    present: [{ body: { name: 'base', last_updated: '2026-01-01T00:00:00Z' } }],
  },
  go: {
    name: { kind: 'package', name: 'github.com/acme/auth' },
    settings: { askPaths: true },
    absent: [{ ...missingText, status: 410 }],
    present: [{ headers: { 'content-type': 'text/plain' }, body: 'v1.0.0\n' }, { body: { Version: 'v1.0.0', Time: '2026-01-01T00:00:00Z' } }],
    // An empty list of versions is an answer.
    textual: [0],
  },
  maven: {
    name: { kind: 'package', name: 'com.acme:auth' },
    absent: [missingText, missingText],
    present: [{ headers: { 'content-type': 'text/xml' }, body: '<metadata><versioning><release>1.0</release><versions><version>1.0</version></versions></versioning></metadata>' }],
  },
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
  nuget: {
    name: { kind: 'package', name: 'Acme.Auth' },
    absent: [nugetIndex, missingText],
    present: [nugetIndex, { body: { versions: ['1.0.0'] } }, { body: { items: [{ items: [{ catalogEntry: { version: '1.0.0' } }] }] } }, { body: { data: [{ id: 'Acme.Auth', owners: ['eve'] }] } }],
  },
  packagist: {
    name: { kind: 'package', name: 'acme/auth' },
    absent: [missing, { body: { packageNames: [] } }],
    present: [{ body: { package: { name: 'acme/auth', maintainers: [{ name: 'eve' }], versions: {} } } }],
  },
  rubygems: {
    name: { kind: 'package', name: 'acme-auth' },
    absent: [missingText, missingText, missingText],
    present: [{ body: { name: 'acme-auth', version: '1.0.0' } }, { body: [{ number: '1.0.0', created_at: '2026-01-01T00:00:00Z' }] }, { body: [{ handle: 'eve' }] }],
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
