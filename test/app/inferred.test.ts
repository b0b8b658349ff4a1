import { expect, test } from 'vitest'
import { acceptInferred } from '../../src/identifiers/accept-inferred.ts'
import { listInferred } from '../../src/identifiers/list-inferred.ts'
import { rejectInferred } from '../../src/identifiers/reject-inferred.ts'
import { listFindings } from '../../src/findings/list-findings.ts'
import { createDatabase } from '../support/database.ts'
import { createWorld, sweepOnce } from '../support/world.ts'

/** A company that knows its hosts and groups, and has forgotten to list its packages. */
const inventory = `organization: { name: Acme Corp, domains: [acme-corp.com], github: [acme-corp] }
inventory:
  - { host: artifactory.acme-corp.com }
  - { pattern: "com.acmecorp.*", ecosystem: maven }
ignore: { repositories: ["acme-corp/*"], paths: [] }
`

test('names that come from our host are candidates: in no finding, message or query, until one is accepted', async () => {
  await using database = await createDatabase()
  await using world = await createWorld({ inventory, baseline: false })
  const { db } = database.database
  const app = await world.open(database.url)
  const told = () => JSON.stringify(world.sandbox.slack.messages().map(({ text }) => text))
  const asked = () => JSON.stringify(world.sandbox.requests().filter(({ path }) => !path.startsWith('/services/')))
  const found = async () => (await listFindings(db)).map(({ identifier }) => identifier)
  try {
    const first = await sweepOnce(app)
    const candidates = await listInferred(db)
    const byName = new Map(candidates.map((candidate) => [candidate.name, candidate]))
    expect(byName.get('@acme-corp/auth-client')).toMatchObject({
      kind: 'package', ecosystem: 'npm', state: 'candidate', weak: false,
      reason: 'resolved from artifactory.acme-corp.com, which is one of our hosts',
      place: { path: 'package-lock.json' },
    })
    // The checkout's lock file and its copy.
    expect(byName.get('@acme-corp/auth-client')?.places).toBe(2)
    expect(byName.get('@acme-corp')).toMatchObject({ kind: 'scope', reason: 'its registry is artifactory.acme-corp.com, which is one of our hosts' })
    expect(byName.get('com.acmecorp.billing:billing-core')).toMatchObject({ ecosystem: 'maven', reason: 'belongs to com.acmecorp.billing, which is one of our groups' })
    expect(byName.get('artifactory.acme-corp.com/base/node')).toMatchObject({ ecosystem: 'docker' })
    expect([...byName.keys()].filter((name) => /slf4j|express|^array-|acmecorp-features/.test(name))).toEqual([])
    expect(first.inferred).toBe(candidates.length)
    expect((await found()).filter((name) => byName.has(name))).toEqual([])
    expect([told(), asked()].filter((text) => text.includes('auth-client'))).toEqual([])

    const id = (name: string) => BigInt(byName.get(name)?.id ?? 0)
    await acceptInferred(db, { inferredId: id('@acme-corp/auth-client'), actor: { kind: 'cli', name: 'ann' }, now: new Date() })
    await rejectInferred(db, { inferredId: id('artifactory.acme-corp.com/base/node'), actor: { kind: 'cli', name: 'ann' }, now: new Date(), reason: 'a public image, passed on' })
    const second = await sweepOnce(app)
    expect(second.inferred).toBe(candidates.length - 2)
    expect(second.newFindings).toHaveLength(1)
    expect(await found()).toContain('@acme-corp/auth-client')
    expect(told()).toContain('@acme-corp/auth-client')
    expect(asked()).toContain('@acme-corp/auth-client')

    const third = await sweepOnce(app)
    expect([third.newFindings, third.inferred]).toEqual([[], second.inferred])
    expect((await listInferred(db)).map(({ name }) => name)).not.toContain('artifactory.acme-corp.com/base/node')
  } finally {
    await app.close()
  }
}, 90_000)
