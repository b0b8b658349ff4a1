import { acceptInferred } from '../identifiers/accept-inferred.ts'
import { addIdentifier } from '../identifiers/add-identifier.ts'
import { keptElsewhere, spelling } from '../identifiers/describe-identifier.ts'
import { decidePublic } from '../identifiers/decide-public.ts'
import { editIdentifier, versionOf } from '../identifiers/edit-identifier.ts'
import { compareList, importIdentifiers, type GivenList, type ListDiff } from '../identifiers/import-identifiers.ts'
import { countInferred, listInferred } from '../identifiers/list-inferred.ts'
import { countIdentifiers, listIdentifiers, type After } from '../identifiers/list-identifiers.ts'
import { loadIdentifier } from '../identifiers/load-identifier.ts'
import { rejectInferred } from '../identifiers/reject-inferred.ts'
import { retireIdentifier } from '../identifiers/retire-identifier.ts'
import type { App } from '../app/open.ts'
import type { Line } from '../contracts/inventory.ts'
import { Conflict, Invalid, NotFound, type Fault } from '../errors.ts'
import type { Entry } from '../inventory/read-line.ts'
import { readList } from '../inventory/read-list.ts'
import { drowning, understand } from '../inventory/understand.ts'
import { compile } from '../matching/compile.ts'
import { normalise } from '../matching/normalise.ts'
import { readPlanned } from '../runs/replan.ts'
import { sources } from '../sources/all.ts'
import type { inventoryRoutes, ImportDiff, InventoryDetail } from './contract/inventory.ts'
import type { Handlers } from './handler.ts'
import { readCursor, writeCursor } from './paging.ts'

/** Faults that are told of one list. */
const mostFaults = 200

export const inventoryHandlers: Handlers<keyof typeof inventoryRoutes> = {
  'GET /api/inventory': async ({ service, query: { cursor, limit, pattern, ...filter } }) => {
    const after = cursor === undefined ? null : afterLine(cursor)
    const { items, next } = await listIdentifiers(service.app.database.db, { ...filter, pattern: pattern === undefined ? undefined : BigInt(pattern) }, { after, limit })
    return { items: items.map((item) => ({ ...item, near: [...item.near] })), next: next === null ? null : writeCursor([next.key, next.id]) }
  },
  'GET /api/inventory/summary': async ({ service: { app } }) => {
    const { db } = app.database
    const { lines, patterns, byCoverage, teams } = await countIdentifiers(db)
    const planned = await Promise.all([...app.sources.keys()].map(async (id) => ({ id, ...(await readPlanned(db, id)) })))
    return { lines, patterns, coverage: { ...byCoverage }, teams: [...teams], inferred: await countInferred(db), unplanned: planned.filter(({ upToDate }) => !upToDate).map(({ id }) => id) }
  },
  'GET /api/inventory/{id}': ({ service, params }) => describeLine(service.app, BigInt(params.id)),
  'POST /api/inventory': async ({ service: { app }, who, body }) => {
    const place = { where: 'the line', key: '' }
    const { lines: [line, ...implied], warnings } = read(app, [{ raw: body.line, place }])
    if (line === undefined) throw new Invalid('the line names nothing')
    const { id, name } = await addIdentifier(app.database.db, {
      lines: [line, ...implied], statesDisclosure: body.line.disclose !== undefined, loosen: body.loosen, actor: who.actor, now: app.now(),
    })
    return { id: String(id), name, warnings }
  },
  'PATCH /api/inventory/{id}': async ({ service: { app }, who, params, body: { version, loosen, team, disclose, near, publicOnPurpose } }) => {
    const set = {
      ...(team === undefined ? {} : { team }), ...(disclose === undefined ? {} : { disclose }),
      ...(near === undefined ? {} : { near }), ...(publicOnPurpose === undefined ? {} : { publicOnPurpose }),
    }
    await editIdentifier(app.database.db, { id: BigInt(params.id), set, version, loosen, actor: who.actor, now: app.now() })
    return describeLine(app, BigInt(params.id))
  },
  'POST /api/inventory/{id}/retire': async ({ service: { app }, who, params }) => {
    await retireIdentifier(app.database.db, { id: BigInt(params.id), actor: who.actor, now: app.now() })
    return {}
  },
  'POST /api/inventory/{id}/public': async ({ service: { app }, who, params, body }) => {
    await decidePublic(app.database.db, { id: BigInt(params.id), isPublic: body.public, reason: body.reason, actor: who.actor, now: app.now() })
    return describeLine(app, BigInt(params.id))
  },
  'POST /api/inventory/compare': async ({ service: { app }, body }) => {
    try {
      const { list, warnings } = readGiven(app, body)
      return { diff: describeDiff(await compareList(app.database.db, list), warnings), faults: [] }
    } catch (error) {
      if (!(error instanceof Invalid) || error.faults.length === 0) throw error
      return { diff: null, faults: error.faults.slice(0, mostFaults).map(describeFault) }
    }
  },
  'POST /api/inventory/import': async ({ service: { app }, who, body }) => {
    const { list, warnings } = readGiven(app, body)
    return describeDiff(await importIdentifiers(app.database.db, { list, digest: body.digest, loosen: body.loosen, actor: who.actor, now: app.now() }), warnings)
  },
  'GET /api/inferred': async ({ service, query: { cursor, limit, state, q } }) => {
    const all = await listInferred(service.app.database.db, state === 'candidate' ? {} : { states: ['accepted', 'rejected'] })
    const wanted = q === undefined || q.trim() === '' ? all : all.filter(({ name }) => name.toLowerCase().includes(q.trim().toLowerCase()))
    // What was decided since the last page moved the others up: a few may be missed until the list is asked for anew.
    const from = cursor === undefined ? 0 : countOf(cursor)
    return { items: wanted.slice(from, from + limit), next: wanted.length > from + limit ? writeCursor([String(from + limit)]) : null }
  },
  'POST /api/inferred/decide': async ({ service: { app }, who, body }) => {
    const results = []
    // Each for itself: one that somebody else decided meanwhile does not undo the others.
    for (const id of body.ids) results.push(await decide(app, { id, body, actor: who.actor }))
    return { results }
  },
}

/** @throws Invalid it is none that this list gave out */
function afterLine(cursor: string): After {
  const [key, id] = readCursor(cursor)
  if (key === undefined || id === undefined || !/^\d{1,19}$/.test(id)) throw noCursor()
  return { key, id }
}

function countOf(cursor: string): number {
  const [count = ''] = readCursor(cursor)
  if (!/^\d{1,9}$/.test(count)) throw noCursor()
  return Number(count)
}

function noCursor(): Invalid {
  return new Invalid([{ where: 'query', key: 'cursor', expected: 'the "next" of the page before, unchanged' }])
}

type Decide = Parameters<(typeof inventoryHandlers)['POST /api/inferred/decide']>[0]
async function decide({ database: { db }, now }: App, { id, body, actor }: { readonly id: string; readonly body: Decide['body']; readonly actor: Decide['who']['actor'] }) {
  const decision = { inferredId: BigInt(id), actor, now: now() }
  try {
    if (body.decision === 'accept') await acceptInferred(db, decision)
    else await rejectInferred(db, { ...decision, reason: body.reason })
    return { id, outcome: 'done' as const, message: null }
  } catch (error) {
    if (error instanceof Conflict) return { id, outcome: 'conflict' as const, message: error.message }
    if (error instanceof NotFound) return { id, outcome: 'not-found' as const, message: error.message }
    throw error
  }
}

async function describeLine({ database }: App, id: bigint): Promise<InventoryDetail> {
  const { line, coverage, findings } = await loadIdentifier(database.db, id)
  const titles = new Map(sources.map((source) => [source.id, source.title]))
  return {
    ...line, near: [...line.near],
    keptElsewhere: keptElsewhere({ origin: line.origin, place: line.place, patternId: line.patternId === null ? null : BigInt(line.patternId) }),
    bySource: coverage.map((row) => ({ ...row, title: titles.get(row.source) ?? row.source })),
    found: [...findings],
    version: versionOf({ ...line, retired: line.retiredAt !== null }),
  }
}

/** What lines mean, proven by the real matcher. @throws Invalid with every fault, those that are known already first */
function read({ config }: App, entries: readonly Entry[], known: readonly Fault[] = []): { readonly lines: readonly Line[]; readonly warnings: string[] } {
  const { lines, faults, warnings } = understand(entries, { compile, normalise, anchors: [config.organization.name, ...config.organization.domains] })
  if (known.length + faults.length > 0) throw new Invalid([...known, ...faults])
  return { lines, warnings: [...warnings, ...drowning(lines)] }
}

interface Given {
  readonly file: string
  readonly text: string
  readonly retireMissing: boolean
}

function readGiven(app: App, { file, text, retireMissing }: Given): { readonly list: GivenList; readonly warnings: string[] } {
  const given = readList(text, file)
  if (given === null) throw new Invalid([{ where: file, key: '', expected: 'expected a list that ends in .csv, .txt or .yaml' }])
  if (given.entries.length === 0 && given.faults.length === 0) throw new Invalid([{ where: file, key: '', expected: 'the list holds no names' }])
  const { lines, warnings } = read(app, given.entries, given.faults)
  const stated = new Set(given.entries.flatMap(({ raw, place }) => (raw.disclose === undefined ? [] : [place.key === '' ? place.where : `${place.where}: ${place.key}`])))
  return { list: { file, lines, stated, retireMissing }, warnings }
}

function describeFault({ where, key, value, expected }: Fault): { where: string; key: string; expected: string } {
  return { where, key, expected: value === undefined ? expected : `${expected} (got ${value})` }
}

function describeDiff({ digest, added, changed, retired, refused, unchanged }: ListDiff, warnings: string[]): ImportDiff {
  const given = ({ form, text, kind, ecosystem, team, disclose, publicOnPurpose, near, where }: Line) =>
    ({ name: spelling({ form, name: text }), kind, ecosystem, team, disclose, publicOnPurpose, near: [...near], where })
  return {
    digest, unchanged, warnings, retired: [...retired],
    added: added.map(({ line, loosens }) => ({ ...given(line), loosens })),
    changed: changed.map(({ id, line, before, loosens }) => ({ ...given(line), id, before: { ...before, near: [...before.near] }, loosens })),
    refused: refused.map(({ line, why }) => ({ ...given(line), why })),
  }
}
