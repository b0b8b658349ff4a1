import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { dojoFinding, findingsDefectDojo } from '../../src/formats/defectdojo.ts'
import { finding, many, place, quoting } from './support.ts'

/** DefectDojo `dojo/tools/generic/json_parser.py`: any other key makes it refuse the whole file. */
const required = ['title', 'severity', 'description']
const allowed = new Set([...required,
  'date', 'cwe', 'cve', 'epss_score', 'epss_percentile', 'cvssv3', 'cvssv3_score', 'cvssv4', 'cvssv4_score', 'mitigation', 'impact', 'steps_to_reproduce',
  'severity_justification', 'references', 'active', 'verified', 'false_p', 'out_of_scope', 'risk_accepted', 'under_review', 'is_mitigated', 'thread_id', 'mitigated',
  'numerical_severity', 'param', 'payload', 'line', 'file_path', 'component_name', 'component_version', 'static_finding', 'dynamic_finding', 'scanner_confidence',
  'unique_id_from_tool', 'vuln_id_from_tool', 'sast_source_object', 'sast_sink_object', 'sast_source_line', 'sast_source_file_path', 'nb_occurences', 'publish_date',
  'service', 'planned_remediation_date', 'planned_remediation_version', 'effort_for_fixing', 'tags', 'kev_date', 'known_exploited', 'ransomware_used',
  'fix_available', 'fix_version', 'endpoints', 'files', 'vulnerability_ids', 'cwes'])
/** Types and lengths of the columns of its table of findings. */
const columns = z.looseObject({
  title: z.string().min(1).max(511), severity: z.enum(['Critical', 'High', 'Medium', 'Low', 'Info']), description: z.string().min(1),
  date: z.iso.date(), publish_date: z.iso.date().optional(), cwe: z.int(), active: z.boolean(), verified: z.boolean(), false_p: z.boolean(), is_mitigated: z.boolean(),
  mitigated: z.iso.datetime().optional(), component_name: z.string().max(500), unique_id_from_tool: z.string().max(500), vuln_id_from_tool: z.string().max(500),
  service: z.string().max(200).optional(), nb_occurences: z.int().positive(), tags: z.array(z.string().regex(/^[\w-]+$/)),
})
/** What its hash code for this parser is made of. */
const hashed = (of: ReturnType<typeof dojoFinding>) => [of.title, of.cwe, of.description, 'line' in of, 'file_path' in of]

describe('findings for DefectDojo', () => {
  test('have the required keys, no key that it refuses, and values that fit its columns', () => {
    const file = z.strictObject({ name: z.string(), type: z.string(), version: z.string(), findings: z.array(columns) }).parse(JSON.parse(findingsDefectDojo(many, { version: '1.0.0' })))
    expect(file.findings).toHaveLength(many.length)
    for (const each of file.findings) {
      expect(Object.keys(each).filter((key) => !allowed.has(key))).toEqual([])
      expect(required.filter((key) => !(key in each))).toEqual([])
    }
  })

  test('are recognised again after places, claims, severity, team and state changed', () => {
    const later = finding({ severity: 'low', reasons: ['x'], team: 'b', state: 'acknowledged', claims: [], occurrences: [place({ url: 'https://example.org/2', line: 7 }), place({ id: '2' })] })
    expect(hashed(dojoFinding(later))).toEqual(hashed(dojoFinding(finding())))
    expect(dojoFinding(later).unique_id_from_tool).toBe(dojoFinding(finding()).unique_id_from_tool)
    expect(dojoFinding(finding({ identifier: 'acmecorp-other' })).unique_id_from_tool).not.toBe(dojoFinding(finding()).unique_id_from_tool)
  })

  test.each([
    [finding(), { active: true, verified: false, false_p: false, is_mitigated: false }],
    [finding({ state: 'acknowledged' }), { active: true, verified: true, is_mitigated: false }],
    [finding({ state: 'dismissed', dismissedReason: 'x' }), { active: false, false_p: true, is_mitigated: false }],
    [finding({ state: 'resolved', resolvedAt: '2026-11-03T00:00:00.000Z' }), { active: false, is_mitigated: true, mitigated: '2026-11-03T00:00:00.000Z' }],
    [finding({ occurrences: [place({ status: 'gone' })], proposed: { at: '2026-11-02T00:00:00.000Z', reason: 'gone' } }), { active: false, is_mitigated: true, mitigated: '2026-11-02T00:00:00.000Z' }],
    [finding({ occurrences: [place({ status: 'gone-from-head' })], proposed: { at: '2026-11-02T00:00:00.000Z', reason: 'history' } }), { active: true, is_mitigated: false }],
    [finding({ occurrences: [place({ status: 'unknown' })] }), { active: true, is_mitigated: false }],
  ])('tell the state (%#)', (given, expected) => {
    expect(dojoFinding(given)).toMatchObject(expected)
  })

  test('a date that is only a lower bound is no date of publication', () => {
    expect(dojoFinding(finding()).publish_date).toBe('2026-09-30')
    expect(dojoFinding(finding({ publicSinceIsLowerBound: true }))).not.toHaveProperty('publish_date')
  })

  test('text of the public becomes neither Markdown nor a second line, and nothing turns its direction', () => {
    const hostile = 'https://x.example/`![](https://evil.example/pixel)\n# heading\u202e\u0007'
    const { references } = dojoFinding(finding({ occurrences: [place({ url: hostile })] }))
    expect(references).toBe("- github-code, dependency, live: `https://x.example/'![](https://evil.example/pixel) # heading`")
  })

  test('nothing of the public is quoted', () => {
    expect(findingsDefectDojo([quoting], { version: '1.0.0' })).not.toContain('hunter2')
  })

  test('many places are listed up to fifty, and the rest is counted', () => {
    const { references, nb_occurences } = dojoFinding(finding({ occurrences: Array.from({ length: 60 }, (_, index) => place({ id: String(index) })) }))
    expect([references.split('\n').length, references.endsWith('- and 10 more'), nb_occurences]).toEqual([51, true, 60])
  })
})
