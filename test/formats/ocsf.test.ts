import { describe, expect, test } from 'vitest'
import { ocsfFinding, ocsfVersion, type OcsfContext } from '../../src/formats/ocsf.ts'
import { finding, many, place, quoting } from './support.ts'

/**
 * The rules of OCSF 1.8.0 (https://schema.ocsf.io/1.8.0) for all that we write, by hand: class 2004 without profiles and the
 * objects in it. An attribute that is not here is a fault, whether or not the schema has it.
 */
type Rule = 'string' | 'long' | 'boolean' | 'json' | readonly number[] | { readonly object: string; readonly list?: true } | { readonly strings: true }
interface Shape { readonly required: readonly string[]; readonly oneOf?: readonly string[]; readonly rules: Readonly<Record<string, Rule>> }
const shapes: Readonly<Record<string, Shape>> = {
  detection_finding: {
    required: ['activity_id', 'category_uid', 'class_uid', 'finding_info', 'metadata', 'severity_id', 'time', 'type_uid'],
    rules: {
      activity_id: [0, 1, 2, 3, 99], activity_name: 'string', category_uid: [2], category_name: 'string', class_uid: [2004], class_name: 'string',
      type_uid: [200400, 200401, 200402, 200403, 200499], type_name: 'string', severity_id: [0, 1, 2, 3, 4, 5, 6, 99], severity: 'string',
      status_id: [0, 1, 2, 3, 4, 5, 6, 99], status: 'string', status_detail: 'string', is_alert: 'boolean', time: 'long', start_time: 'long', end_time: 'long',
      message: 'string', risk_details: 'string', metadata: { object: 'metadata' }, finding_info: { object: 'finding_info' },
      resources: { object: 'resource_details', list: true }, evidences: { object: 'evidences', list: true }, observables: { object: 'observable', list: true }, unmapped: 'json',
    },
  },
  metadata: { required: ['version', 'product'], rules: { version: 'string', uid: 'string', product: { object: 'product' }, log_name: 'string' } },
  product: { required: [], oneOf: ['name', 'uid'], rules: { name: 'string', uid: 'string', vendor_name: 'string', version: 'string' } },
  finding_info: {
    required: ['uid'],
    rules: {
      uid: 'string', uid_alt: 'string', title: 'string', desc: 'string', created_time: 'long', first_seen_time: 'long', last_seen_time: 'long', src_url: 'string',
      types: { strings: true }, data_sources: { strings: true },
    },
  },
  resource_details: {
    required: [], oneOf: ['name', 'uid'],
    rules: { name: 'string', uid: 'string', type: 'string', role_id: [0, 1, 2, 3, 4, 99], role: 'string', namespace: 'string', owner: { object: 'user' } },
  },
  user: { required: [], oneOf: ['account', 'name', 'uid'], rules: { name: 'string', uid: 'string', type_id: [0, 1, 2, 3, 4, 99], type: 'string' } },
  evidences: {
    required: [],
    oneOf: ['actor', 'api', 'connection_info', 'data', 'database', 'databucket', 'device', 'dst_endpoint', 'email', 'file', 'process', 'query', 'resources', 'src_endpoint', 'url', 'user', 'job', 'script'],
    rules: { uid: 'string', name: 'string', url: { object: 'url' }, file: { object: 'file' }, data: 'json' },
  },
  url: { required: [], oneOf: ['url_string', 'path'], rules: { url_string: 'string' } },
  file: { required: ['name', 'type_id'], rules: { name: 'string', path: 'string', type_id: [0, 1, 2, 3, 4, 5, 6, 7, 8, 99] } },
  observable: { required: ['type_id'], rules: { name: 'string', type_id: [6], type: 'string', value: 'string' } },
}

/** What the schema says against a value, as paths and reasons. */
function faults(value: unknown, name = 'detection_finding', at = ''): string[] {
  const shape = shapes[name]
  if (shape === undefined || typeof value !== 'object' || value === null) return [`${at}: no ${name}`]
  const missing = shape.required.filter((key) => !(key in value)).map((key) => `${at}.${key}: is required`)
  const none = shape.oneOf !== undefined && !shape.oneOf.some((key) => key in value) ? [`${at}: none of ${shape.oneOf.join(', ')}`] : []
  return [...missing, ...none, ...Object.entries(value).flatMap(([key, inner]) => faultsOf(inner, shape.rules[key], `${at}.${key}`))]
}

function faultsOf(value: unknown, rule: Rule | undefined, at: string): string[] {
  if (rule === undefined) return [`${at}: is no attribute`]
  if (rule === 'json') return []
  if (rule === 'string') return typeof value === 'string' ? [] : [`${at}: is no string`]
  if (rule === 'boolean') return typeof value === 'boolean' ? [] : [`${at}: is no boolean`]
  if (rule === 'long') return Number.isSafeInteger(value) ? [] : [`${at}: is no whole number`]
  if ('strings' in rule) return Array.isArray(value) && value.every((each) => typeof each === 'string') ? [] : [`${at}: are no strings`]
  if ('object' in rule) {
    if (rule.list === undefined) return faults(value, rule.object, at)
    return Array.isArray(value) ? value.flatMap((each, index) => faults(each, rule.object, `${at}[${index}]`)) : [`${at}: is no list`]
  }
  return typeof value === 'number' && rule.includes(value) ? [] : [`${at}: ${String(value)} is not in the enumeration`]
}

const context: OcsfContext = { activity: 'create', at: new Date('2026-11-27T08:00:00Z'), eventUid: 'notice-7', version: '1.0.0' }

describe('a finding as an OCSF detection finding', () => {
  test('is valid by the published schema in every state and activity, and names its version', () => {
    expect(ocsfVersion).toBe('1.8.0')
    for (const each of many) {
      for (const activity of ['create', 'update', 'close'] as const) expect(faults(JSON.parse(JSON.stringify(ocsfFinding(each, { ...context, activity }))))).toEqual([])
    }
  })

  test('the check finds what is wrong, so that the test above can fail', () => {
    const { time: _, ...event } = ocsfFinding(finding(), context)
    expect(faults({ ...event, severity_id: 7, colour: 'red', evidences: [{}], message: 3 })).toEqual([
      '.time: is required', '.severity_id: 7 is not in the enumeration', '.message: is no string',
      '.evidences[0]: none of actor, api, connection_info, data, database, databucket, device, dst_endpoint, email, file, process, query, resources, src_endpoint, url, user, job, script',
      '.colour: is no attribute',
    ])
  })

  test.each([['create', 1, 200401, true], ['update', 2, 200402, false], ['close', 3, 200403, false]] as const)('%s is activity %i of class 2004', (activity, id, uid, alert) => {
    expect(ocsfFinding(finding(), { ...context, activity })).toMatchObject({ class_uid: 2004, category_uid: 2, activity_id: id, type_uid: uid, is_alert: alert, time: 1795766400000 })
  })

  test.each([['critical', 5], ['high', 4], ['medium', 3], ['low', 2]] as const)('severity %s is %i', (severity, id) => {
    expect(ocsfFinding(finding({ severity }), context).severity_id).toBe(id)
  })

  test.each([['open', 1], ['acknowledged', 2], ['dismissed', 3], ['resolved', 4]] as const)('state %s is status %i', (state, id) => {
    expect(ocsfFinding(finding({ state }), context).status_id).toBe(id)
  })

  test('tells the name as a resource of its team, the places as evidences, and the claims', () => {
    expect(ocsfFinding(finding(), context)).toMatchObject({
      resources: [{ name: 'acmecorp-ledger', type: 'package', namespace: 'pypi', owner: { name: 'data' } }],
      evidences: [{ uid: '11', url: { url_string: 'https://github.com/mira/churn/blob/91fda7/requirements.txt#L5' }, file: { path: 'requirements.txt' }, data: { line: 5, role: 'dependency' } }],
      finding_info: { uid: '28', src_url: 'https://github.com/mira/churn/blob/91fda7/requirements.txt#L5', data_sources: ['github-code'] },
      unmapped: { places: 1, claims: [{ registry: 'pypi', claimable: 'yes' }] },
    })
  })

  test('starts at the moment of publication only where that is known, and ends when it was over', () => {
    expect(ocsfFinding(finding(), context).start_time).toBe(Date.parse('2026-09-30T10:00:00Z'))
    expect(ocsfFinding(finding({ publicSinceIsLowerBound: true }), context)).not.toHaveProperty('start_time')
    expect(ocsfFinding(finding({ state: 'resolved', resolvedAt: '2026-11-03T00:00:00.000Z' }), context).end_time).toBe(Date.parse('2026-11-03T00:00:00Z'))
  })

  test('has the same identity for every repeat, and the finding the same in every event', () => {
    expect(JSON.stringify(ocsfFinding(finding(), context))).toBe(JSON.stringify(ocsfFinding(finding(), context)))
    expect(ocsfFinding(finding({ state: 'resolved' }), { ...context, eventUid: '8' }).finding_info.uid).toBe(ocsfFinding(finding(), context).finding_info.uid)
  })

  test('lists fifty places at most, what is still public first, and counts all', () => {
    const places = [place({ id: '1', status: 'gone' }), ...Array.from({ length: 59 }, (_, index) => place({ id: String(index + 2) }))]
    const { evidences, unmapped } = ocsfFinding(finding({ occurrences: places }), context)
    expect([evidences.length, unmapped.places, evidences[0]?.data['status']]).toEqual([50, 60, 'live'])
  })

  test('quotes nothing of the public', () => {
    expect(JSON.stringify(ocsfFinding(quoting, context))).not.toContain('hunter2')
  })
})
