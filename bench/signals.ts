/**
 * Hits and false alarms of the signs of an attack: `npm run bench signals -- --malicious names.tsv [--ordinary node_modules]`.
 *
 * `--malicious`: lines of `name<TAB>versions` (a list separated by commas) of packages that a registry removed as
 * malicious. `--ordinary`: a folder of installed packages, with their versions and scripts; default this project's own.
 * A sign that needs what the data do not have (dates, descriptions, owners) is shown as "not in the data".
 */
import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import type { PackageFacts } from '../src/contracts/registry.ts'
import { isSuspicious, signalTable, signalsOf, suspiciousFrom } from '../src/evidence/signals.ts'
import { highestVersion } from '../src/evidence/versions.ts'

const { values } = parseArgs({ options: { malicious: { type: 'string' }, ordinary: { type: 'string', default: 'node_modules' }, 'our-version': { type: 'string', default: '2.4.1' } } })

const bare: PackageFacts = {
  version: null, versionCount: null, firstPublishedAt: null, publishedAt: null, publishers: [], installTimeCode: null, description: null, deprecated: null, links: ['https://not-told.example/'],
}
const manifest = z.object({
  version: z.string(), description: z.string().optional().catch(undefined), scripts: z.record(z.string(), z.string()).optional().catch(undefined),
  gypfile: z.boolean().optional().catch(undefined), repository: z.unknown().optional(), homepage: z.unknown().optional(),
})

function readMalicious(file: string): PackageFacts[] {
  return readFileSync(file, 'utf8').split('\n').flatMap((line) => {
    const [name = '', list = ''] = line.split('\t')
    const versions = list.split(/[,\s]+/).filter((version) => version !== '')
    return name === '' || name.startsWith('#') || versions.length === 0 ? [] : [{ ...bare, version: highestVersion(versions) ?? versions[0] ?? null, versionCount: versions.length }]
  })
}

function readOrdinary(folder: string): PackageFacts[] {
  return globSync(['*/package.json', '@*/*/package.json'], { cwd: folder }).flatMap((file) => {
    const parsed = manifest.safeParse(JSON.parse(readFileSync(path.join(folder, file), 'utf8')))
    if (!parsed.success) return []
    const { version, description, scripts, gypfile, repository, homepage } = parsed.data
    const run = ['preinstall', 'install', 'postinstall'].filter((script) => (scripts?.[script] ?? '') !== '')
    return [{
      ...bare, version, description: description ?? null, links: repository === undefined && homepage === undefined ? [] : bare.links,
      installTimeCode: run.length > 0 ? run.map((script) => `a ${script} script`).join(', ') : gypfile === true ? 'a native build' : null,
    }]
  })
}

/** What the two kinds of data can show at all. */
const told = {
  malicious: new Set(['absurd-version', 'high-version', 'few-versions', 'version-above-ours']),
  ordinary: new Set(['absurd-version', 'high-version', 'install-script', 'build-code', 'telling-description', 'no-repository', 'version-above-ours']),
}
const ourVersion = values['our-version']
const now = new Date('2026-01-01T00:00:00Z')
const judge = (facts: PackageFacts, more: { readonly ours?: string | null; readonly after?: boolean } = {}) => signalsOf({
  facts: more.after === true ? { ...facts, firstPublishedAt: '2025-12-20T00:00:00Z' } : facts,
  ourVersion: more.ours ?? null, oursSince: more.after === true ? new Date('2025-01-01T00:00:00Z') : null, records: [], now,
})

const groups = {
  malicious: values.malicious === undefined ? [] : readMalicious(values.malicious),
  ordinary: readOrdinary(values.ordinary),
}
const share = (part: number, all: number) => (all === 0 ? '-' : `${part} (${((100 * part) / all).toFixed(1)} %)`)
const column = (group: keyof typeof groups, test: (facts: PackageFacts) => boolean) => share(groups[group].filter(test).length, groups[group].length)
const line = (...cells: readonly string[]) => `${(cells[0] ?? '').padEnd(56)}${(cells[1] ?? '').padEnd(10)}${(cells[2] ?? '').padEnd(24)}${cells[3] ?? ''}`

const rows = signalTable.map(({ signal, weight }) => line(signal, String(weight), ...(['malicious', 'ordinary'] as const).map((group) =>
  told[group].has(signal) ? column(group, (facts) => judge(facts, { ours: signal === 'version-above-ours' ? ourVersion : null }).some((one) => one.signal === signal)) : 'not in the data')))
const sums = [
  line('by version and scripts alone', '', column('malicious', (facts) => isSuspicious(judge(facts))), column('ordinary', (facts) => isSuspicious(judge(facts)))),
  line(`… against our version ${ourVersion}`, '', column('malicious', (facts) => isSuspicious(judge(facts, { ours: ourVersion }))), column('ordinary', (facts) => isSuspicious(judge(facts, { ours: ourVersion })))),
  line('… as in an attack: new, after our name was in use', '', column('malicious', (facts) => isSuspicious(judge(facts, { after: true }))), 'that is one'),
]
process.stdout.write(`${[
  `${groups.malicious.length} malicious packages, ${groups.ordinary.length} ordinary ones`, '',
  line('sign', 'weight', 'malicious: hits', 'ordinary: false alarms'), ...rows, '', line(`suspicious (sum of ${suspiciousFrom} or more)`, '', 'hits', 'false alarms'), ...sums,
].join('\n')}\n`)
