import { z } from 'zod'
import { disclosures, ecosystems, identifierKinds } from '../../contracts/inventory.ts'
import { rawLine } from '../../inventory/raw-line.ts'
import { id, moment, page, paging, route, some, texts } from './route.ts'
import { severities, states } from './findings.ts'

export const forms = ['name', 'prefix', 'regex'] as const
export const coverageStates = ['proven', 'partly', 'never'] as const
export const lineOrigins = ['inventory', 'accepted', 'page'] as const


export const inventoryFilter = z.strictObject({
  /** In names, without regard to case. */
  q: z.string().max(200).optional(),
  form: some(forms),
  ecosystem: some([...ecosystems, 'none']),
  /** Names of teams; `none`: without one. */
  team: texts,
  disclose: some(disclosures),
  origin: some(lineOrigins),
  coverage: some(coverageStates),
  /** `current`: lines of today. `retired`: lines that left. `spelled-out`: names that a current pattern matched. */
  state: z.enum(['current', 'retired', 'spelled-out']).optional(),
  /** Only names that this pattern spelled out. */
  pattern: id.optional(),
})

/** A line of the inventory, or a name that a pattern spelled out. */
export const inventoryLine = z.strictObject({
  id, form: z.enum(forms), kind: z.enum(identifierKinds), ecosystem: z.enum(ecosystems).nullable(),
  /** As a person writes it: a pattern with its star. */
  name: z.string(),
  team: z.string().nullable(), disclose: z.enum(disclosures), publicOnPurpose: z.boolean(), near: z.array(z.string()),
  /** Who marked it as public, here or at its finding; null: nobody did, the configuration may. */
  markedPublicBy: z.string().nullable(),
  /** Who keeps it: the configuration, the acceptance of an inferred name, a person on the page. */
  origin: z.enum(lineOrigins),
  /** Where the line stands in the configuration, as far as known. */
  place: z.string().nullable(),
  patternId: id.nullable(),
  createdAt: moment, retiredAt: moment.nullable(),
  coverage: z.strictObject({ state: z.enum(coverageStates), sources: z.int(), proven: z.int(), completeAt: moment.nullable() }),
  /** Of the line, and of the names that it spelled out. */
  findings: z.strictObject({ total: z.int(), unsettled: z.int() }),
  spelledOut: z.int(),
})
export type InventoryLine = z.output<typeof inventoryLine>

export const inventoryDetail = inventoryLine.extend({
  /** Why it is not edited here, and where it is; null: it may be edited. */
  keptElsewhere: z.string().nullable(),
  bySource: z.array(z.strictObject({
    source: z.string(), title: z.string(), state: z.enum(['proven', 'gap', 'never']),
    completeAt: moment.nullable(), attemptedAt: moment.nullable(), counted: z.int().nullable(), seen: z.int().nullable(),
    /** Why a zero is no proof, one reason a line. */
    gap: z.string().nullable(),
  })),
  /** The worst 100. */
  found: z.array(z.strictObject({ id, identifier: z.string(), state: z.enum(states), severity: z.enum(severities), firstSeenAt: moment })),
  /** Sent back with a change. */
  version: z.string(),
})
export type InventoryDetail = z.output<typeof inventoryDetail>

/** What is wrong with a line that was handed in, or what to think about. */
const said = z.strictObject({ where: z.string(), key: z.string(), expected: z.string() })

const settled = z.strictObject({ team: z.string().nullable(), disclose: z.enum(disclosures), publicOnPurpose: z.boolean(), near: z.array(z.string()) })
const given = settled.extend({ name: z.string(), kind: z.enum(identifierKinds), ecosystem: z.enum(ecosystems).nullable(), where: z.string() })

/** What an import would do, or did. */
export const importDiff = z.strictObject({
  /** Sent back to do it. */
  digest: z.string(),
  added: z.array(given.extend({ loosens: z.boolean() })),
  changed: z.array(given.extend({ id, before: settled, loosens: z.boolean() })),
  retired: z.array(z.strictObject({ id, name: z.string() })),
  /** Kept elsewhere, and with other settings: they stay as they are. */
  refused: z.array(given.extend({ why: z.string() })),
  unchanged: z.int(),
  warnings: z.array(z.string()),
})
export type ImportDiff = z.output<typeof importDiff>

/** JSON of a list: its characters may be written as escapes. */
const listBytes = 8 * 1024 * 1024
const list = {
  /** Its ending says how it is read: .csv, .txt, .yaml. */
  file: z.string().min(1).max(200).regex(/\.(csv|txt|ya?ml)$/i, 'a name that ends in .csv, .txt or .yaml'),
  text: z.string().min(1).max(4_000_000, 'at most 4 MB: put larger lists into inventoryFiles of namesake.yaml'),
  /** It is all that people keep on the page: what it lacks is retired. */
  retireMissing: z.boolean().default(false),
}

export const inferredRow = z.strictObject({
  id, name: z.string(), kind: z.enum(['package', 'scope']), ecosystem: z.enum(ecosystems).nullable(),
  /** Why it is probably ours. */
  reason: z.string(),
  /** More probably a public name that one of our hosts only passes on. */
  weak: z.boolean(),
  state: z.enum(['candidate', 'accepted', 'rejected']),
  firstSeenAt: moment, lastSeenAt: moment, places: z.int(),
  place: z.strictObject({ url: z.string(), repository: z.string(), path: z.string().nullable(), line: z.int() }).nullable(),
  decidedAt: moment.nullable(), decidedBy: z.string().nullable(), decisionReason: z.string().nullable(),
})
export type InferredRow = z.output<typeof inferredRow>

const ofOne = z.strictObject({ id })
/** More may learn the name than before, and that is meant. */
const loosen = z.boolean().default(false)

export const inventoryRoutes = {
  'GET /api/inventory': route({
    summary: 'Lines of the inventory, in the order of names, filtered', role: 'viewer', scope: 'read',
    query: inventoryFilter.extend(paging),
    answer: page(inventoryLine),
  }),
  'GET /api/inventory/summary': route({
    summary: 'The inventory in numbers, and whether every source searches for what it says now', role: 'viewer', scope: 'read',
    answer: z.strictObject({
      lines: z.int(), patterns: z.int(), coverage: z.record(z.enum(coverageStates), z.int()), teams: z.array(z.string()),
      /** Inferred names that wait for a decision, without the weak ones. */
      inferred: z.int(),
      /** Sources whose watches are still those of the inventory before; planned anew within the minute. */
      unplanned: z.array(z.string()),
    }),
  }),
  'GET /api/inventory/{id}': route({ summary: 'One line with its coverage by source, its findings and what it spelled out', role: 'viewer', scope: 'read', params: ofOne, answer: inventoryDetail }),
  'POST /api/inventory': route({
    summary: 'Add a line', role: 'analyst', scope: 'manage',
    body: z.strictObject({ line: rawLine, loosen }),
    answer: z.strictObject({ id, name: z.string(), warnings: z.array(z.string()) }),
  }),
  'PATCH /api/inventory/{id}': route({
    summary: 'Change the settings of a line that people keep', role: 'analyst', scope: 'manage', params: ofOne,
    body: z.strictObject({
      version: z.string().max(64),
      team: z.string().trim().min(1).max(200).nullable().optional(),
      disclose: z.enum(disclosures).optional(),
      near: z.array(z.string().trim().min(1).max(1_000)).max(100).optional(),
      publicOnPurpose: z.boolean().optional(),
      loosen,
    }),
    answer: inventoryDetail,
  }),
  'POST /api/inventory/{id}/retire': route({ summary: 'Take a line that people keep out of the inventory', role: 'analyst', scope: 'manage', params: ofOne, answer: z.strictObject({}) }),
  'POST /api/inventory/{id}/public': route({
    summary: 'Say that a line may be public, or take that back; lines of files too', role: 'analyst', scope: 'manage', params: ofOne,
    body: z.strictObject({ public: z.boolean(), reason: z.string().trim().min(1).max(1_000) }),
    answer: inventoryDetail,
  }),
  'POST /api/inventory/compare': route({
    summary: 'What the import of a list would do; writes nothing', role: 'analyst', scope: 'manage', maxBytes: listBytes,
    body: z.strictObject(list),
    answer: z.strictObject({
      /** Null: the list has faults, and nothing can be done with it. */
      diff: importDiff.nullable(),
      faults: z.array(said),
    }),
  }),
  'POST /api/inventory/import': route({
    summary: 'Import a list as it was compared: all of it or nothing', role: 'analyst', scope: 'manage', maxBytes: listBytes,
    body: z.strictObject({ ...list, digest: z.string().max(128), loosen }),
    answer: importDiff,
  }),
  'GET /api/inferred': route({
    summary: 'Names that no line covers but that probably are ours', role: 'viewer', scope: 'read',
    query: z.strictObject({ ...paging, state: z.enum(['candidate', 'decided']).default('candidate'), q: z.string().max(200).optional() }),
    answer: page(inferredRow),
  }),
  'POST /api/inferred/decide': route({
    summary: 'Accept inferred names as lines of the inventory, or reject them with a reason', role: 'analyst', scope: 'triage',
    body: z.discriminatedUnion('decision', [
      z.strictObject({ decision: z.literal('accept'), ids: z.array(id).min(1).max(200) }),
      z.strictObject({ decision: z.literal('reject'), ids: z.array(id).min(1).max(200), reason: z.string().trim().min(1).max(1_000) }),
    ]),
    answer: z.strictObject({ results: z.array(z.strictObject({ id, outcome: z.enum(['done', 'conflict', 'not-found']), message: z.string().nullable() })) }),
  }),
} as const
