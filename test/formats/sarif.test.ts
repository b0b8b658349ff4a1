import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { findingsSarif, sarifLog } from '../../src/formats/sarif.ts'
import { sarifFaults } from './sarif-schema.ts'
import { finding, many, place, quoting } from './support.ts'

const log = z.object({ runs: z.tuple([z.object({
  invocations: z.tuple([z.object({ executionSuccessful: z.boolean() })]),
  results: z.array(z.object({
    ruleId: z.string(), ruleIndex: z.int(), level: z.string(), message: z.object({ text: z.string() }),
    locations: z.tuple([z.object({ physicalLocation: z.object({ artifactLocation: z.object({ uri: z.string() }), region: z.object({ startLine: z.int() }) }) })]),
    partialFingerprints: z.record(z.string(), z.string()),
    suppressions: z.array(z.object({ justification: z.string() })).optional(),
    properties: z.looseObject({ findingId: z.string(), occurrenceId: z.string() }),
  })),
})]) })
const read = (findings: Parameters<typeof findingsSarif>[0], gaps: readonly string[] = []) => log.parse(JSON.parse(findingsSarif(findings, { version: '1.0.0', gaps }))).runs[0]
const fingerprint = (of: ReturnType<typeof finding>) => read([of]).results.map(({ partialFingerprints }) => partialFingerprints['namesakePlace/v1'])

describe('findings as SARIF', () => {
  test('are valid by the published schema, whatever the public wrote', () => {
    expect(sarifFaults(findingsSarif(many, { version: '1.0.0', gaps: ['github-code was not looked at'] }))).toEqual([])
    expect(sarifFaults(findingsSarif([], { version: '1.0.0' }))).toEqual([])
  })

  test('the schema refuses what is wrong, so that the test above can fail', () => {
    expect(sarifFaults(JSON.stringify({ version: '2.1.0', runs: [{ tool: { driver: { name: 'x', colour: 'red' } }, results: [{ message: {} }] }] }))).not.toEqual([])
  })

  test('have a result for each place that is still public, with its address and line', () => {
    const { results } = read([finding()])
    expect(results).toMatchObject([{
      ruleId: 'namesake/dependency', level: 'error',
      locations: [{ physicalLocation: { artifactLocation: { uri: 'https://github.com/mira/churn/blob/91fda7/requirements.txt#L5' }, region: { startLine: 5 } } }],
      properties: { findingId: '28', occurrenceId: '11', severity: 'critical', team: 'data' },
    }])
    expect(read([finding({ occurrences: [place({ status: 'gone' })] })]).results).toEqual([])
    expect(read([finding({ state: 'resolved' })]).results).toEqual([])
  })

  test('show what is dismissed or suppressed with its reason', () => {
    expect(read([finding({ state: 'dismissed', dismissedReason: 'a tutorial' })]).results[0]?.suppressions?.[0]?.justification).toBe('a tutorial')
    expect(read([finding({ occurrences: [place({ suppressed: { reason: 'our talk', until: '2027-01-01T00:00:00Z' } })] })]).results[0]?.suppressions?.[0]?.justification).toBe('our talk')
    expect(read([finding()]).results[0]?.suppressions).toBeUndefined()
  })

  test('keep their fingerprint when lines, revisions, severity and ids change, and differ by name, document and source', () => {
    const [original] = fingerprint(finding())
    expect(fingerprint(finding({ id: '99', severity: 'low', identifier: 'AcmeCorp_Ledger', occurrences: [place({ id: '77', line: 9, url: 'https://github.com/mira/churn/blob/000000/requirements.txt#L9', role: 'prose' })] }))).toEqual([original])
    const others = [finding({ identifier: 'acmecorp-ledgers' }), finding({ ecosystem: 'npm' }), finding({ occurrences: [place({ path: 'b.txt' })] }), finding({ occurrences: [place({ source: 'github-gists' })] }), finding({ occurrences: [place({ repository: 'x/y' })] })]
    expect(new Set([original, ...others.flatMap(fingerprint)]).size).toBe(others.length + 1)
  })

  test('quote nothing of the public', () => {
    expect(findingsSarif([quoting], { version: '1.0.0' })).not.toContain('hunter2')
  })

  test('say what was not looked at', () => {
    expect(read([], ['x']).invocations[0].executionSuccessful).toBe(false)
    expect(read([]).invocations[0].executionSuccessful).toBe(true)
  })
})

test('a log without rules and results is valid', () => {
  expect(sarifFaults(sarifLog({ version: '1', rules: [], results: [], gaps: [{ text: 'x', artifact: { uri: 'a', uriBaseId: '%SRCROOT%' } }] }))).toEqual([])
})
