import { expect, test } from 'vitest'
import { RetryLater } from '../../../src/errors.ts'
import { createHttp } from '../../../src/net/http.ts'
import { places } from '../../../src/remotes/github/shares.ts'
import { createForgetfulMemory } from '../../../src/runs/source-memory.ts'
import { sources } from '../../../src/sources/all.ts'
import { sourceSettings } from '../../../src/sources/settings.ts'
import { startScript } from '../../net/scripted-server.ts'
import { failure } from '../../sources/failure.ts'

const now = new Date('2026-11-22T12:00:00Z')

/** Every source on GitHub, as a process of its own would open it: no HTTP client is shared, only the memory. */
function openAll(origin: string, shared: ReturnType<typeof createForgetfulMemory>) {
  return sources.filter(({ id }) => id.startsWith('github-')).map((source) => {
    const http = createHttp({ userAgent: 'test', origins: [origin], now: () => now })
    const settings = sourceSettings.parse({ github: { token: 't', apiUrl: origin, graphqlUrl: `${origin}/graphql`, people: ['ann'] } })
    const open = source.open(settings, { http, now: () => now, organizations: ['acme-corp'], memory: createForgetfulMemory(), shared: () => shared })
    if (open === null) throw new Error('the settings do not open the source')
    return open
  })
}

const search = (open: ReturnType<typeof openAll>[number]) => {
  const [query] = open.plan({ terms: [{ text: 'acme-corp-x', covers: ['1'] }], everything: ['1'] }).queries
  return open.search(query?.input ?? null, null)
}

test('a secondary limit that one source meets stops every source on GitHub, in other processes too', async () => {
  const server = await startScript({ status: 403, headers: { 'retry-after': '30' }, body: { message: 'You have exceeded a secondary rate limit.' } })
  const [first, ...others] = openAll(server.url, createForgetfulMemory())
  expect(others).toHaveLength(places.length - 1)
  if (first === undefined) throw new Error('no source on GitHub')
  expect(await failure(search(first))).toBeInstanceOf(RetryLater)
  for (const other of others) expect(await failure(search(other))).toMatchObject({ until: new Date(now.getTime() + 30_000) })
  expect(server.seen).toHaveLength(1)
})
