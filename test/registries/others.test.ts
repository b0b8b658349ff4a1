/**
 * The rules of two well-known checkers, re-stated from what they do, over the very answers that namesake gets:
 * confused (https://github.com/visma-prodsec/confused) and DustiLock (https://github.com/Checkmarx/dustilock).
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { judge, secondLookMs } from '../../src/claims/judge.ts'
import { createHttp } from '../../src/net/http.ts'
import { registries } from '../../src/registries/all.ts'
import { registrySettings } from '../../src/registries/settings.ts'
import { startSandbox, type Sandbox } from '../../src/sandbox/start.ts'
import type { Faults } from '../../src/sandbox/faults.ts'
import { askThrough } from './contract.ts'

const now = new Date('2026-11-22T12:00:00Z')
const at = '2024-03-01T10:00:00.000Z'

/** Whether a stranger could take the name today: what the other tools claim to tell. */
interface Case {
  readonly what: string
  readonly registry: 'npm' | 'pypi'
  readonly name: string
  readonly takeable: boolean
  readonly faults?: Partial<Faults>
}

const cases: readonly Case[] = [
  { what: 'free', registry: 'npm', name: 'acme-corp-free', takeable: true },
  { what: 'taken by a stranger', registry: 'npm', name: 'acme-corp-taken', takeable: false },
  { what: 'ours', registry: 'npm', name: 'acme-corp-ours', takeable: false },
  { what: 'missing in a scope of ours', registry: 'npm', name: '@acme-corp/internal', takeable: false },
  { what: 'missing in a scope of nobody', registry: 'npm', name: '@acme-free/internal', takeable: true },
  { what: 'unpublished an hour ago', registry: 'npm', name: 'acme-corp-leaving', takeable: false },
  { what: 'unpublished long ago', registry: 'npm', name: 'acme-corp-left', takeable: true },
  { what: 'too like an existing name', registry: 'npm', name: 'acmecorp-like', takeable: false },
  { what: 'taken, while npm limits requests', registry: 'npm', name: 'acme-corp-taken', takeable: false, faults: { registryLimit: true } },
  { what: 'taken, while npm fails', registry: 'npm', name: 'acme-corp-taken', takeable: false, faults: { serverError: true } },
  { what: 'taken, while a proxy refuses', registry: 'npm', name: 'acme-corp-taken', takeable: false, faults: { registryForbidden: true } },
  { what: 'taken, while a proxy shows its own 404', registry: 'npm', name: 'acme-corp-taken', takeable: false, faults: { registryMissingPage: true } },
  { what: 'taken, while connections break', registry: 'npm', name: 'acme-corp-taken', takeable: false, faults: { connectionDropped: true } },
  { what: 'free, while a proxy shows a page of its own', registry: 'npm', name: 'acme-corp-free', takeable: true, faults: { registryPage: true } },
  { what: 'free', registry: 'pypi', name: 'acme-corp-free', takeable: true },
  { what: 'taken by a stranger', registry: 'pypi', name: 'acme-corp-taken', takeable: false },
  { what: 'in quarantine', registry: 'pypi', name: 'acme-corp-quarantined', takeable: false },
  { what: 'too like an existing name', registry: 'pypi', name: 'acme-corp-1ike', takeable: false },
  { what: 'taken, while PyPI fails', registry: 'pypi', name: 'acme-corp-taken', takeable: false, faults: { serverError: true } },
  { what: 'taken, while PyPI limits requests', registry: 'pypi', name: 'acme-corp-taken', takeable: false, faults: { registryLimit: true } },
]

let sandbox: Sandbox
beforeAll(async () => {
  const versions = [{ version: '1.0.0', at }]
  sandbox = await startSandbox({
    repositories: [],
    now: () => now,
    stock: {
      packages: [
        { registry: 'npm', name: 'acme-corp-taken', versions, publishers: ['eve'] },
        { registry: 'npm', name: 'acme-corp-ours', versions, publishers: ['acme-bot'] },
        { registry: 'npm', name: 'acmecorplike', versions, publishers: ['eve'] },
        { registry: 'npm', name: 'acme-corp-left', versions, publishers: ['eve'], fate: { unpublishedAt: at } },
        { registry: 'npm', name: 'acme-corp-leaving', versions, publishers: ['eve'], fate: { unpublishedAt: '2026-11-22T11:00:00.000Z' } },
        { registry: 'pypi', name: 'acme-corp-taken', versions, publishers: ['eve'] },
        { registry: 'pypi', name: 'acme-corp-quarantined', versions, publishers: ['eve'], fate: 'quarantined' },
        { registry: 'pypi', name: 'acmecorp1ike', versions, publishers: ['eve'] },
      ],
      namespaces: [{ registry: 'npm', namespace: 'acme-corp' }],
    },
  })
})
afterAll(() => sandbox.close())

/** `takeable`, `not takeable`, or null for "cannot say". */
type Rule = (one: Case) => Promise<boolean | null>

const address = ({ registry, name }: Case) =>
  registry === 'npm' ? `${sandbox.registries.urlOf('npm')}/${name.replace('/', '%2F')}` : `${sandbox.registries.urlOf('pypi')}/pypi/${name}/json`

/** Everything but 200 is free, an error of the network too; of npm also 200 with `unpublished`. A 429 is tried three times. */
const confused: Rule = async (one) => {
  const response = await fetch(address(one)).catch(() => null)
  if (response?.status !== 200) return true
  return (await response.text()).includes('"unpublished"')
}

/** HEAD: 400 and above is free. Scoped names are skipped. The sandbox answers GET; only the status counts. */
const dustilock: Rule = async (one) => {
  if (one.name.startsWith('@')) return null
  const response = await fetch(address(one)).catch(() => null)
  return response === null || response.status >= 400
}

const namesake: Rule = async ({ registry, name }) => {
  const http = createHttp({ userAgent: 'namesake/test', origins: [sandbox.url], now: () => now })
  const settings = registrySettings.parse({ [registry]: { url: sandbox.registries.urlOf(registry), ours: ['acme-bot', 'acme-corp'] } })
  const open = registries.find(({ id }) => id === registry)?.open(settings, { http, now: () => now, domains: [], accounts: [] })
  if (open === null || open === undefined) throw new Error('no such registry')
  let firstAbsentAt: Date | null = null
  let claimable: boolean | null = null
  for (const moment of [now, new Date(now.getTime() + secondLookMs)]) {
    const answer = await askThrough(open, { kind: 'package', name }).catch(() => null)
    if (answer === null) return null
    const verdict = judge({ state: 'unknown', facts: null, firstAbsentAt, held: false }, answer, { leaked: true, ourVersion: null, suspicious: false, now: moment })
    ;({ firstAbsentAt } = verdict)
    claimable = verdict.claimable === 'unknown' ? null : verdict.claimable === 'yes'
  }
  return claimable
}

async function count(rule: Rule): Promise<{ readonly right: number; readonly silent: number; readonly wrong: readonly string[] }> {
  const wrong: string[] = []
  let right = 0
  let silent = 0
  for (const one of cases) {
    sandbox.setFaults(one.faults ?? {})
    const said = await rule(one)
    if (said === null) silent += 1
    else if (said === one.takeable) right += 1
    else wrong.push(`${one.registry}: ${one.what}`)
  }
  return { right, silent, wrong }
}

test('over the same answers namesake is never wrong: where it cannot tell, it says so', async () => {
  expect(await count(namesake)).toEqual({ right: 12, silent: 8, wrong: [] })
})

test("confused's rules call taken names free whenever something fails, and do not know scopes and likeness", async () => {
  const { right, silent, wrong } = await count(confused)
  expect([right, silent, wrong.length]).toEqual([7, 0, 13])
  expect(wrong).toEqual(expect.arrayContaining(['npm: missing in a scope of ours', 'npm: taken, while npm limits requests', 'npm: too like an existing name', 'pypi: in quarantine', 'pypi: too like an existing name']))
})

test("DustiLock's rules call taken names free whenever something fails, skip scopes, and miss what was unpublished", async () => {
  const { right, silent, wrong } = await count(dustilock)
  expect([right, silent, wrong.length]).toEqual([6, 2, 12])
  expect(wrong).toEqual(expect.arrayContaining(['npm: unpublished long ago', 'npm: taken, while npm fails', 'pypi: in quarantine']))
})
