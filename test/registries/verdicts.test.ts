import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { judge, secondLookMs, type Before } from '../../src/claims/judge.ts'
import type { Ecosystem } from '../../src/contracts/inventory.ts'
import type { Claimable, ClaimState, OpenRegistry, RegistryName } from '../../src/contracts/registry.ts'
import { createHttp } from '../../src/net/http.ts'
import { registries } from '../../src/registries/all.ts'
import { registrySettings } from '../../src/registries/settings.ts'
import { faultPresets, type Faults } from '../../src/sandbox/faults.ts'
import type { SandboxPackage, Stock } from '../../src/sandbox/registries/packages.ts'
import { startSandbox, type Sandbox } from '../../src/sandbox/start.ts'
import { askThrough } from './contract.ts'

const now = new Date('2026-11-22T12:00:00Z')
const old = '2024-03-01T10:00:00.000Z'
const recent = '2026-11-20T10:00:00.000Z'

function held(registry: Ecosystem, name: string, publishers: readonly string[], more: Partial<SandboxPackage> = {}): SandboxPackage {
  return { registry, name, versions: [{ version: '1.0.0', at: old }, { version: '1.1.0', at: recent }], publishers, ...more }
}

/** Every trap that the registries are known for, and what is right about it after the second look. */
const table: readonly (readonly [registry: Ecosystem, name: string, state: ClaimState, claimable: Claimable, why: string])[] = [
  ['npm', 'acme-corp-free', 'unclaimed', 'yes', 'nothing there, nothing like it'],
  ['npm', 'acme-corp-ours', 'ours', 'no', 'one of the publishers is ours'],
  ['npm', 'acme-corp-taken', 'stranger', 'no', 'it exists, and that is no comfort'],
  ['npm', 'acme-corp-attacked', 'placeholder', 'no', "npm's own placeholder: it was attacked before"],
  ['npm', 'acme-corp-mimic', 'stranger', 'no', 'a version 0.0.1-security of a stranger is no placeholder of npm'],
  ['npm', 'acme-corp-left', 'unclaimed', 'yes', 'unpublished long ago: 200 without versions'],
  ['npm', 'acme-corp-leaving', 'unclaimed', 'no', 'unpublished an hour ago: npm keeps the name for a day'],
  ['npm', 'acmecorp-like', 'unclaimed', 'no', 'acme-corp-like is taken, and npm refuses what differs in punctuation only'],
  ['npm', 'AcmeCorpOld', 'unclaimed', 'no', 'npm takes no new names with capitals'],
  ['npm', '@acme-corp/internal', 'unclaimed', 'no', 'the scope is ours'],
  ['npm', '@acme-free/internal', 'unclaimed', 'yes', 'the scope is nobody\'s: one registration takes every name in it'],
  ['npm', '@somebody/internal', 'unclaimed', 'no', 'the scope is somebody\'s'],
  ['npm', '@somebody/public', 'stranger', 'no', 'a package in a scope of somebody else'],
  ['npm', '@acme-free', 'unclaimed', 'yes', 'a scope that nobody has'],
  ['npm', '@acme-corp', 'ours', 'no', 'a scope that is ours'],
  ['npm', '@somebody', 'stranger', 'no', 'a scope whose packages a stranger publishes'],
  ['npm', '@quiet', 'unknown', 'no', 'a scope without public packages: npm does not say whose it is'],
  ['pypi', 'acme-corp-free', 'unclaimed', 'yes', 'nothing there, nothing that looks like it'],
  ['pypi', 'Acme_Corp.Ours', 'ours', 'no', 'names are normalised before they are asked for'],
  ['pypi', 'acme-corp-taken', 'stranger', 'no', 'its author says that he is us; its owner is not'],
  ['pypi', 'acme-corp-quarantined', 'placeholder', 'no', 'the JSON API says 404, the Simple API says quarantine'],
  ['pypi', 'acme-corp-empty', 'stranger', 'no', 'the JSON API says 404 for a project without releases; it is taken'],
  ['pypi', 'acme-corp-1ike', 'unclaimed', 'no', 'acmecorp1ike is taken, and PyPI takes both for the same'],
  ['maven', 'com.acme-corp.billing:core', 'unclaimed', 'no', 'only the owner of the domain can publish it, who is us'],
  ['maven', 'com.acme-corp.billing:published', 'ours', 'no', 'it is there, in a group of our domain'],
  ['maven', 'io.github.acme-corp:core', 'unclaimed', 'no', 'the account on the code host is ours'],
  ['maven', 'org.stranger:known', 'stranger', 'no', 'it is there, in a group of somebody else'],
  ['maven', 'org.stranger:missing', 'unclaimed', 'unknown', 'the folder of the group is there, the artifact is not'],
  ['maven', 'org.nowhere:core', 'unclaimed', 'unknown', 'whether the domain is free is not told'],
  ['maven', 'internal.acme:core', 'unclaimed', 'no', 'no domain ends in internal'],
  ['maven', 'com.acme-corp', 'ours', 'no', 'a group of ours that is in use'],
  ['maven', 'org.stranger', 'stranger', 'no', 'a group of somebody else that is in use'],
  ['rubygems', 'acme-corp-free', 'unclaimed', 'yes', '404 as plain text'],
  ['rubygems', 'acme_corp_ours', 'ours', 'no', 'one of the owners is ours'],
  ['rubygems', 'acme-corp-taken', 'stranger', 'no', 'none of the owners is ours'],
  ['rubygems', 'acme-popular', 'unclaimed', 'no', 'acme_popular has many downloads'],
  ['rubygems', 'acme-obscure', 'unclaimed', 'yes', 'acme_obscure has few, and the rule lets it pass'],
  ['nuget', 'AcmeCorp.Free', 'unclaimed', 'yes', 'nothing there'],
  ['nuget', 'Acme.Reserved.Core', 'unclaimed', 'no', 'the prefix is reserved for us'],
  ['nuget', 'AcmeCorp.Ours', 'ours', 'no', 'the search says who owns it'],
  ['nuget', 'acmecorp.TAKEN', 'stranger', 'no', 'ids know no case; an unlisted version counts'],
  ['crates', 'acme_corp_free', 'unclaimed', 'yes', '404 that says so in JSON'],
  ['crates', 'acme_corp_ours', 'ours', 'no', '- and _ are the same'],
  ['crates', 'acme-corp-taken', 'stranger', 'no', 'none of the owners is ours'],
  ['crates', 'proc_macro', 'unclaimed', 'no', 'a reserved name'],
  ['packagist', 'acme-free/core', 'unclaimed', 'yes', 'the vendor is nobody\'s'],
  ['packagist', 'acme-corp/core', 'unclaimed', 'no', 'the vendor is ours'],
  ['packagist', 'somebody/core', 'unclaimed', 'no', 'the vendor is somebody\'s'],
  ['packagist', 'somebody/public', 'stranger', 'no', 'a package of somebody else'],
  ['go', 'github.com/acme-corp/Tools', 'unclaimed', 'no', 'the account is ours'],
  ['go', 'github.com/Stranger/tool', 'stranger', 'no', 'capitals are escaped'],
  ['go', 'git.acme-corp.com/tool', 'unclaimed', 'no', 'the domain is ours'],
  ['go', 'github.com/nobody-knows/it', 'unclaimed', 'unknown', 'whether the account is free is not told'],
  ['docker', 'acme-free/base', 'unclaimed', 'yes', 'neither repository nor namespace'],
  ['docker', 'acme-corp/private', 'ours', 'no', '404 in our namespace: private, or nothing'],
  ['docker', 'somebody/private', 'unknown', 'no', '404 in a namespace of somebody: private, or nothing'],
  ['docker', 'somebody/public', 'stranger', 'no', 'an image of somebody else'],
]

const stock: Stock = {
  packages: [
    held('npm', 'acme-corp-ours', ['Acme-Bot']),
    held('npm', 'acme-corp-taken', ['eve']),
    held('npm', 'acme-corp-attacked', ['eve'], { fate: 'placeholder' }),
    held('npm', 'acme-corp-mimic', ['eve'], { versions: [{ version: '0.0.1-security', at: recent }], description: 'security holding package' }),
    held('npm', 'acme-corp-left', ['eve'], { fate: { unpublishedAt: old } }),
    held('npm', 'acme-corp-leaving', ['eve'], { fate: { unpublishedAt: '2026-11-22T11:00:00.000Z' } }),
    held('npm', 'acmecorplike', ['eve']),
    held('npm', '@somebody/public', ['eve']),
    held('pypi', 'acme-corp-ours', ['acme-bot']),
    held('pypi', 'acme-corp-taken', ['eve']),
    held('pypi', 'acme-corp-quarantined', ['eve'], { fate: 'quarantined' }),
    held('pypi', 'acme-corp-empty', ['eve'], { fate: 'empty' }),
    held('pypi', 'acmecorp1ike', ['eve']),
    held('maven', 'com.acme-corp.billing:published', []),
    held('maven', 'org.stranger:known', []),
    held('rubygems', 'acme_corp_ours', ['acme-bot']),
    held('rubygems', 'acme-corp-taken', ['eve']),
    held('rubygems', 'acme_popular', ['eve'], { downloads: 20_000 }),
    held('rubygems', 'acme_obscure', ['eve'], { downloads: 20 }),
    held('nuget', 'AcmeCorp.Ours', ['acme-bot']),
    held('nuget', 'AcmeCorp.Taken', ['eve'], { versions: [{ version: '1.0.0', at: '1900-01-01T00:00:00.000Z' }] }),
    held('crates', 'acme-corp-ours', ['acme-bot']),
    held('crates', 'acme-corp-taken', ['eve']),
    held('packagist', 'somebody/public', ['eve']),
    held('go', 'github.com/Stranger/tool', []),
    held('docker', 'somebody/public', []),
  ],
  namespaces: [{ registry: 'npm', namespace: 'acme-corp' }, { registry: 'npm', namespace: 'quiet' }],
}

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox({ repositories: [], stock, now: () => now })
})
afterAll(() => sandbox.close())

const names = (registry: Ecosystem, name: string): RegistryName =>
  ({ name, kind: registry === 'npm' && !name.includes('/') && name.startsWith('@') ? 'scope' : registry === 'maven' && !name.includes(':') ? 'group' : 'package' })

function openAll(timeoutMs: number): ReadonlyMap<string, OpenRegistry> {
  const http = createHttp({ userAgent: 'namesake/test', origins: [sandbox.url], now: () => now, timeoutMs })
  const rows = Object.fromEntries(registries.map(({ id }) => [id, { url: sandbox.registries.urlOf(id), ours: ['acme-bot', 'acme-corp', 'Acme.Reserved.*'], ...(id === 'go' ? { askPaths: true } : {}) }]))
  const settings = registrySettings.parse(rows)
  return new Map(registries.flatMap((one) => {
    const open = one.open(settings, { http, now: () => now, domains: ['acme-corp.com'], accounts: ['acme-corp'] })
    return open === null ? [] : [[one.id, open] as const]
  }))
}

type Told = { readonly state: ClaimState; readonly claimable: Claimable }

/** As the job does it: an error leaves what was told before. */
async function look(open: OpenRegistry, name: RegistryName, before: Before & Told, at: Date): Promise<Before & Told> {
  try {
    const answer = await askThrough(open, name)
    return { ...judge(before, answer, { leaked: true, ourVersion: null, suspicious: false, now: at }), facts: answer.facts, held: before.held }
  } catch {
    return before
  }
}

const untold: Before & Told = { state: 'unknown', claimable: 'unknown', facts: null, firstAbsentAt: null, held: false }

async function lookTwice(open: OpenRegistry, name: RegistryName) {
  const first = await look(open, name, untold, now)
  return { first, second: await look(open, name, first, new Date(now.getTime() + secondLookMs)) }
}

describe('what is told of each', () => {
  test.each(table)('%s %s is %s, claimable %s: %s', async (registry, name, state, claimable) => {
    const open = openAll(10_000).get(registry)
    if (open === undefined) throw new Error('no such registry')
    expect(open.refuses(names(registry, name))).toBeNull()
    const { first, second } = await lookTwice(open, names(registry, name))
    expect([second.state, second.claimable]).toEqual([state, claimable])
    expect(first.claimable).not.toBe('yes')
  })
})

/** On a bad day nothing but a clean absence is one; what could not be told is unknown. */
async function mislead(faults: Partial<Faults>, rounds: number): Promise<{ readonly wrong: readonly string[]; readonly told: number; readonly asked: number }> {
  const opened = openAll(150)
  const wrong: string[] = []
  let told = 0
  for (let round = 0; round < rounds; round += 1) {
    sandbox.setFaults(faults)
    for (const [registry, name, state, claimable] of table) {
      const open = opened.get(registry)
      if (open === undefined) continue
      const { first, second } = await lookTwice(open, names(registry, name))
      for (const one of [first, second]) {
        if (one.state === 'unclaimed' && state !== 'unclaimed') wrong.push(`${registry} ${name} is not unclaimed`)
        if (one.claimable === 'yes' && claimable !== 'yes') wrong.push(`${registry} ${name} is not claimable`)
        if (one.state === 'stranger' && state !== 'stranger') wrong.push(`${registry} ${name} is no stranger's`)
      }
      if (second.state === state) told += 1
    }
  }
  return { wrong, told, asked: rounds * table.length }
}

describe('no failure is an absence', () => {
  test.each([['light', { ...faultPresets.light, slow: false }], ['heavy', { ...faultPresets.heavy, slow: false }]] as const)('under %s faults', async (_, faults) => {
    const { wrong, told, asked } = await mislead(faults, 3)
    expect(wrong).toEqual([])
    expect(told).toBeGreaterThan(asked / 2)
  }, 120_000)

  test.each(['registryLimit', 'registryUnauthorized', 'registryForbidden', 'registryPage', 'registryMissingPage', 'serverError', 'badGatewayHtml', 'unavailable', 'connectionDropped', 'truncatedJson'] as const)('when every request meets %s, nothing is unclaimed that is not', async (fault) => {
    const { wrong } = await mislead({ [fault]: true }, 1)
    expect(wrong).toEqual([])
  }, 60_000)
})
