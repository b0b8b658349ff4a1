import { expect, test } from 'vitest'
import type { RecordedRequest } from '../../src/sandbox/journal.ts'
import { demoInventory, demoStock } from '../../src/sandbox/world.ts'
import { createDatabase } from '../support/database.ts'
import { createWorld, sweepOnce } from '../support/world.ts'

/** Names that nobody may learn from us: some share a stem that others send, one is a pattern. */
const never = ['HermesBuilder', 'acme-corp-vault', '@acme-corp/secret-kit', 'com.acmecorp.hidden:core', 'nightjar-internal']
const inventory = demoInventory.replace('inventory:\n', `inventory:
  - { name: acme-corp-vault, ecosystem: npm, disclose: never }
  - { name: "@acme-corp/secret-kit", ecosystem: npm, disclose: never }
  - { name: "com.acmecorp.hidden:core", ecosystem: maven, disclose: never }
  - { pattern: "nightjar-internal-*", ecosystem: pypi, disclose: never }
`)

/** What a request says, as it is, decoded, and without anything but letters and digits. */
function readings({ method, path, query, headers, body }: Pick<RecordedRequest, 'method' | 'path' | 'query' | 'headers' | 'body'>): string {
  const raw = [method, path, JSON.stringify(query), JSON.stringify(headers), body].join('\n')
  const decoded = raw.replace(/(?:%[0-9a-f]{2})+/gi, (text) => {
    try {
      return decodeURIComponent(text)
    } catch {
      return text
    }
  })
  const unpacked = [...decoded.matchAll(/[A-Za-z0-9+/_-]{8,}={0,2}/g)].flatMap(([text]) => [0, 1, 2, 3].map((skip) => Buffer.from(text.slice(skip), 'base64').toString('latin1')))
  return [decoded, ...unpacked].map((text) => text.toLowerCase().replace(/[^a-z0-9]+/g, '')).join(' ')
}

const folded = (name: string) => name.toLowerCase().replace(/[^a-z0-9]+/g, '')
const tellers = (requests: readonly Parameters<typeof readings>[0][]) => requests.filter((request) => never.some((name) => readings(request).includes(folded(name))))

test.each([
  ['in the path', { path: '/repos/x/HermesBuilder' }],
  ['percent-encoded', { path: '/%48ermes%42uilder' }],
  ['with other marks', { query: { q: 'acme_corp.vault' } }],
  ['in base64', { body: JSON.stringify({ a: Buffer.from('x acme-corp-vault y').toString('base64') }) }],
  ['in a header', { headers: { referer: 'https://x/?q=hermesbuilder' } }],
])('a name %s would be seen', (_, part) => {
  expect(tellers([{ method: 'GET', path: '/', query: {}, headers: {}, body: '', ...part }])).toHaveLength(1)
})

test('a name with disclose: never is in no request to any source, registry or other remote', async () => {
  await using database = await createDatabase()
  await using world = await createWorld({
    inventory, stock: demoStock(new Date()), people: ['mira-data'], places: ['code', 'issues', 'commits', 'repositories', 'gists', 'roster'],
  })
  const app = await world.open(database.url)
  try {
    await sweepOnce(app)
    // What goes to the channel is for us.
    const requests = world.sandbox.requests().filter(({ path }) => !path.startsWith('/services/'))
    expect(requests.length).toBeGreaterThan(20)
    expect(requests.some((request) => readings(request).includes('acmecorp'))).toBe(true)
    expect(tellers(requests).map(({ method, path, query, body }) => ({ method, path, query, body: body.slice(0, 300) }))).toEqual([])
  } finally {
    await app.close()
  }
}, 90_000)
