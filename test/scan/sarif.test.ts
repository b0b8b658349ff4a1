import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { roles } from '../../src/contracts/match.ts'
import { writeSarif } from '../../src/scan/write-sarif.ts'
import { sarifFaults } from '../formats/sarif-schema.ts'
import { createFolder, manifest, run, secret } from './support.ts'

/** What GitHub and DefectDojo read, beyond what the published schema demands. Unknown keys are faults. */
const level = z.enum(['error', 'warning', 'note', 'none'])
const message = z.strictObject({ text: z.string().min(1) })
const artifactLocation = z.strictObject({ uri: z.string().regex(/^(?:file:\/\/\/)?[A-Za-z0-9%._~!'()*/-]+$/), uriBaseId: z.literal('%SRCROOT%').optional() })
const location = z.strictObject({
  physicalLocation: z.strictObject({
    artifactLocation,
    region: z.strictObject({ startLine: z.int().min(1), startColumn: z.int().min(1).optional(), snippet: message }).optional(),
  }),
})
const rule = z.strictObject({
  id: z.string().min(1), name: z.string().regex(/^[A-Z][A-Za-z]+$/), shortDescription: message, helpUri: z.url(),
  defaultConfiguration: z.strictObject({ level }), properties: z.strictObject({ tags: z.array(z.string()), 'security-severity': z.string().regex(/^\d\.\d$/) }),
})
const log = z.strictObject({
  $schema: z.literal('https://json.schemastore.org/sarif-2.1.0.json'),
  version: z.literal('2.1.0'),
  runs: z.tuple([z.strictObject({
    tool: z.strictObject({ driver: z.strictObject({ name: z.literal('namesake'), version: z.string(), rules: z.array(rule) }) }),
    columnKind: z.literal('utf16CodeUnits'),
    invocations: z.tuple([z.strictObject({
      executionSuccessful: z.boolean(),
      toolExecutionNotifications: z.array(z.strictObject({ level, message, locations: z.array(location).optional() })),
    })]),
    results: z.array(z.strictObject({
      ruleId: z.string(), ruleIndex: z.int(), level, message, locations: z.tuple([location]),
      partialFingerprints: z.strictObject({ 'namesake/v1': z.string().regex(/^[0-9a-f]{64}$/) }),
      properties: z.looseObject({ identifier: z.string() }),
    })),
  })]),
})

async function sarifOf(content: string, options: { path?: string; maxBytes?: number } = {}) {
  const report = await run(['-'], { input: content, inputPath: options.path ?? 'app/package.json', ...(options.maxBytes === undefined ? {} : { maxBytes: options.maxBytes }) })
  const text = writeSarif(report, '1.2.3')
  expect(sarifFaults(text)).toEqual([])
  return log.parse(JSON.parse(text)).runs[0]
}

const fingerprints = (of: Awaited<ReturnType<typeof sarifOf>>) => of.results.map(({ partialFingerprints }) => partialFingerprints['namesake/v1'])

describe('SARIF', () => {
  test('has a rule for every role, and results that point at them', async () => {
    const { tool, results, invocations } = await sarifOf(manifest)
    expect(tool.driver.rules.map(({ id }) => id)).toEqual(roles.map((role) => `namesake/${role}`))
    expect(new Set(tool.driver.rules.map(({ name }) => name)).size).toBe(roles.length)
    const [result] = results
    expect(result).toMatchObject({ ruleId: 'namesake/dependency', level: 'error', properties: { identifier: secret, severity: 'critical', team: 'identity' } })
    expect(tool.driver.rules[result?.ruleIndex ?? -1]?.id).toBe(result?.ruleId)
    expect(result?.locations[0].physicalLocation).toMatchObject({ artifactLocation: { uri: 'app/package.json', uriBaseId: '%SRCROOT%' }, region: { startLine: 3, startColumn: 6 } })
    expect(invocations[0]).toEqual({ executionSuccessful: true, toolExecutionNotifications: [] })
  })

  test('levels follow the severity of each mention', async () => {
    expect((await sarifOf(`see ${secret}`, { path: 'README.md' })).results[0]?.level).toBe('note')
    expect((await sarifOf(`const x = '${secret}'`, { path: 'a.js' })).results[0]?.level).toBe('warning')
  })

  test('fingerprints stay when lines move and are indented, and differ by name, path, role and line', async () => {
    const [original] = fingerprints(await sarifOf(manifest))
    expect(fingerprints(await sarifOf(manifest.replace('{\n', '{\n  "name": "x",\n').replace('    "acme', '\t\t"acme')))).toEqual([original])
    for (const changed of [await sarifOf(manifest, { path: 'b/package.json' }), await sarifOf(manifest.replace('1.0.0', '2.0.0')), await sarifOf(manifest.replace('dependencies', 'description'))]) {
      expect(fingerprints(changed)).toHaveLength(1)
      expect(fingerprints(changed)).not.toContain(original)
    }
  })

  test('paths are encoded; absolute ones are file URIs', async () => {
    expect((await sarifOf(manifest, { path: 'a b/ü#?%/package.json' })).results[0]?.locations[0].physicalLocation.artifactLocation.uri).toBe('a%20b/%C3%BC%23%3F%25/package.json')
    using folder = createFolder()
    folder.write('package.json', manifest)
    const parsed = log.parse(JSON.parse(writeSarif(await run([folder.root]), '1.2.3')))
    expect(parsed.runs[0].results[0]?.locations[0].physicalLocation.artifactLocation).toEqual({ uri: `file://${folder.root}/package.json` })
  })

  test('a gap is an execution that was not successful, never a clean result', async () => {
    const { invocations, results } = await sarifOf(manifest, { maxBytes: 5 })
    expect(results).toEqual([])
    expect(invocations[0].executionSuccessful).toBe(false)
    expect(invocations[0].toolExecutionNotifications).toHaveLength(1)
  })
})
