import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { exitCodeOf } from '../../src/cli/sweep.ts'
import { listFindings, type ListedFinding } from '../../src/findings/list-findings.ts'
import { places } from '../../src/remotes/github/shares.ts'
import { laterConversation, leakMore, publicationExpectations } from '../../src/sandbox/world.ts'
import { createDatabase } from '../support/database.ts'
import { createWorld, sweepOnce } from '../support/world.ts'

const people = ['kofi-ops', 'samwhitfield']
const placesOf = (findings: readonly ListedFinding[]) =>
  findings.flatMap(({ identifier, occurrences }) => occurrences.map(({ source, repository }) => `${identifier} ${source} ${repository ?? ''}`))

describe('a sweep of every place on GitHub', () => {
  test('finds what people say, and what they push before code search shows it; alerts once; sends no secret name', async () => {
    await using database = await createDatabase()
    await using world = await createWorld({ places, people, sandbox: { activity: { delayMs: 0, pollSeconds: 0 }, limits: { codeSearchPerMinute: 60_000, searchPerMinute: 60_000, corePerHour: 1_000_000, graphqlPerHour: 10_000_000 } } })
    const app = await world.open(database.url)
    try {
      const baseline = await sweepOnce(app)
      expect(baseline.incomplete).toEqual([])
      const found = placesOf(await listFindings(database.database.db))
      expect(found).toEqual(expect.arrayContaining(publicationExpectations.map(({ identifier, source, container }) => `${identifier} ${source} ${container}`)))
      // A parcel service with a product of the same name, and our own repositories.
      expect(found.filter((place) => /parcelworks|acme-corp\/design-tokens/.test(place))).toEqual([])

      const before = world.sandbox.slack.messages().length
      const leak = await leakMore(path.join(world.folder, 'github'), app.now())
      world.sandbox.publish({ conversations: [laterConversation(app.now())] })
      const second = await sweepOnce(app)
      expect([second.newFindings.length, exitCodeOf(second), second.incomplete]).toEqual([2, 1, []])
      const texts = world.sandbox.slack.messages().slice(before).map(({ text }) => text)
      expect(texts.filter((text) => text.includes(leak.identifier))).toHaveLength(1)

      // Code search meets the same document, and has nothing to tell.
      await world.sandbox.reindex()
      const third = await sweepOnce(app)
      expect([third.newFindings, third.delivered]).toEqual([[], 0])
      const [pushed] = (await listFindings(database.database.db)).filter(({ identifier }) => identifier === leak.identifier)
      expect(pushed?.occurrences.map(({ source, path: file }) => [source, file])).toEqual([['github-code', leak.path]])
    } finally {
      await app.close()
    }
    const github = world.sandbox.requests().filter(({ path: asked }) => !asked.startsWith('/services/'))
    expect(new Set(github.map(({ path: asked }) => asked.split('/')[2] ?? asked)).size).toBeGreaterThan(5)
    expect(JSON.stringify(github).toLowerCase()).not.toContain('hermesbuilder')
    expect(github.filter(({ sentWhileExhausted }) => sentWhileExhausted)).toEqual([])
  }, 90_000)
})
