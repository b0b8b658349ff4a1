import { describe, expect, test } from 'vitest'
import { listDue } from '../../src/notices/list-due.ts'
import { unrouted } from '../../src/notices/route.ts'
import { useDatabase } from '../support/database.ts'
import { addFinding, addNotice, now } from './outbox.ts'

const opened = useDatabase({ truncate: true })

describe('what is due', () => {
  test('is each notice by itself, oldest first', async () => {
    const { db } = opened.database
    const leaked = await addNotice(db, { kind: 'leaked' })
    const baseline = await addNotice(db, { kind: 'baseline' })
    const reopened = await addNotice(db, { kind: 'reopened' })
    expect(await listDue(db, { routing: unrouted(['slack']), now, digest: false })).toEqual([
      { kind: 'notice', channel: 'slack', noticeId: leaked },
      { kind: 'notice', channel: 'slack', noticeId: baseline },
      { kind: 'notice', channel: 'slack', noticeId: reopened },
    ])
  })

  test('is one message for many alerts, but each by itself where a machine wants every single one', async () => {
    const { db } = opened.database
    const ids: bigint[] = []
    for (const channel of ['slack', 'slack', 'slack', 'ocsf', 'ocsf', 'ocsf']) ids.push(await addNotice(db, { channel, findingId: await addFinding(db) }))
    const routing = { ...unrouted(['slack']), destinations: [{ name: 'slack', alertsOnly: false }, { name: 'ocsf', alertsOnly: false, everySingle: true }], storm: { more: 2, withinMs: 60_000 } }
    const due = await listDue(db, { routing, now, digest: false })
    expect(due.filter(({ channel }) => channel === 'slack')).toMatchObject([{ kind: 'storm' }])
    expect(due.filter(({ channel }) => channel === 'ocsf')).toEqual(ids.slice(3).map((noticeId) => ({ kind: 'notice', channel: 'ocsf', noticeId })))
  })

  test('leaves places to the digest', async () => {
    const { db } = opened.database
    await addNotice(db, { kind: 'place' })
    expect(await listDue(db, { routing: unrouted(['slack']), now, digest: false })).toEqual([])
  })

  test('is one digest a channel, only where there are places', async () => {
    const { db } = opened.database
    for (const _ of ['one', 'two']) await addNotice(db, { kind: 'place' })
    const mail = await addNotice(db, { channel: 'mail' })
    expect(await listDue(db, { routing: unrouted(['slack', 'mail']), now, digest: true })).toEqual([
      { kind: 'notice', channel: 'mail', noticeId: mail },
      { kind: 'digest', channel: 'slack' },
    ])
  })

  test('is nothing of other channels, and nothing that was delivered or is dead', async () => {
    const { db } = opened.database
    await addNotice(db, { channel: 'mail' })
    await addNotice(db, { state: 'dead' })
    await addNotice(db, { state: 'delivered', deliveredAt: now })
    await addNotice(db, { kind: 'place', state: 'delivered', deliveredAt: now })
    expect(await listDue(db, { routing: unrouted(['slack']), now, digest: true })).toEqual([])
    expect(await listDue(db, { routing: unrouted([]), now, digest: true })).toEqual([])
  })
})
