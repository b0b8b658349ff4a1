/**
 * npm run bench planner [-- --names 100,1000,10000 --seed 1]
 *
 * The real planner, the real GitHub source (slices included) and the sandbox's search, in every way to cut words, on a
 * simulated clock of nine searches a minute: requests and hours of a full sweep against one query per name, and what was
 * found of what can be found (the leaks that a search for the full name brings). The first sweep learns; the second is
 * every later one. Exit code 1 when a findable leak is missed, or a target is.
 */
import { parseArgs } from 'node:util'
import type { Json } from '../src/contracts/json.ts'
import type { OpenSource } from '../src/contracts/source.ts'
import { compile } from '../src/matching/compile.ts'
import { knowNothing, type Knowledge } from '../src/planning/knowledge.ts'
import { proveEdges, shouldBring } from '../src/planning/prove.ts'
import { planTerms } from '../src/planning/terms.ts'
import { keyOf, type Edge } from '../src/planning/words.ts'
import { planSource } from '../src/runs/plan-watches.ts'
import { tokenisations, type Tokenisation } from '../src/sandbox/github/find-words.ts'
import { createCompany, type Company } from './planner/company.ts'
import { indexFiles, openGithub, type Indexed } from './planner/github.ts'

const { values: options } = parseArgs({ options: { names: { type: 'string', default: '100,1000,10000' }, seed: { type: 'string', default: '1' } } })
const perMinute = 9

interface Row {
  readonly company: string
  readonly names: number
  readonly search: Tokenisation
  readonly naive: number
  readonly first: number
  readonly later: number
  readonly findable: number
  readonly missed: number
}

/** What a query brought, by its text. */
interface Answer {
  readonly files: readonly number[]
  readonly counted: number
  readonly complete: boolean
}

async function ask(source: OpenSource, input: Json): Promise<Answer> {
  const files: number[] = []
  let [counted, complete] = [0, true]
  const waiting: { input: Json; page: string | null }[] = [{ input, page: null }]
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const page = await source.search(next.input, next.page)
    counted = Math.max(counted, page.counted ?? 0)
    complete &&= page.shortfall === null
    files.push(...page.hits.map(({ contentHash }) => Number(contentHash)))
    if (page.slices !== undefined) waiting.push(...page.slices.map((slice) => ({ input: slice.input, page: null })))
    else if (page.next !== null) waiting.push({ input: next.input, page: page.next })
  }
  return { files, counted, complete }
}

/** One full sweep: plan, search, learn, and plan again until nothing new was learnt, as the service does. */
async function sweep(company: Company, source: OpenSource, before: Knowledge, turn: number): Promise<{ knowledge: Knowledge; found: ReadonlySet<number> }> {
  const asked = new Map<string, Answer>()
  const found = new Set<number>()
  let knowledge = before
  for (let round = 0; round < 9; round += 1) {
    const plan = planSource('github-code', source, planTerms(company.names, knowledge, turn))
    const proven: Edge[] = []
    for (const { term = '', input } of [...plan.queries, ...plan.checks]) {
      if (asked.has(term)) continue
      const answer = await ask(source, input)
      asked.set(term, answer)
      for (const file of answer.files) found.add(file)
      if (plan.trials.has(term)) proven.push(...answer.files.flatMap((file) => proveEdges({ text: company.files[file]?.text ?? '', path: null }, term)))
    }
    const learnt = learn(company, knowledge, plan.trials, proven, asked)
    const settled = plan.trials.size === 0 && learnt.demoted.size === knowledge.demoted.size
    knowledge = learnt
    if (settled) break
  }
  return { knowledge, found }
}

function learn(company: Company, knowledge: Knowledge, trials: ReadonlyMap<string, readonly Edge[]>, proven: readonly Edge[], asked: ReadonlyMap<string, Answer>): Knowledge {
  const edges = new Map(knowledge.edges)
  for (const edge of [...trials.values()].flat()) edges.set(edge, edges.get(edge) ?? 'tried')
  for (const edge of proven) edges.set(edge, 'proven')
  const counted = new Map(knowledge.counted)
  for (const [term, answer] of asked) counted.set(keyOf(term), answer.counted)
  const next: Knowledge = { ...knowledge, edges, counted }
  const demoted = new Set(knowledge.demoted)
  for (const [term, answer] of asked) {
    if (!answer.complete || !(trials.has(term) || answer.counted > 20)) continue
    const brought = new Set(answer.files)
    const missed = [...asked].some(([other, { files }]) => other !== term && files.some((file) =>
      !brought.has(file) && (company.files[file]?.text ?? '').split('\n').some((line) => shouldBring(next, term, line))))
    // The service blames marks first; here nothing is forgetful, so that a miss is the stem's.
    if (missed) demoted.add(keyOf(term))
  }
  return { ...next, demoted }
}

/** Requests of one query per name, and the leaks that they bring. */
async function sweepNaively(company: Company, indexed: Indexed, tokenisation: Tokenisation): Promise<{ requests: number; brought: ReadonlyMap<string, ReadonlySet<number>> }> {
  const { source, requests } = openGithub(indexed, tokenisation)
  const brought = new Map<string, ReadonlySet<number>>()
  for (const { input, covers } of planSource('github-code', source, planTerms(company.names)).queries) {
    const { files } = await ask(source, input)
    for (const id of covers) brought.set(id, new Set(files))
  }
  return { requests: requests(), brought }
}

async function measure(company: Company, indexed: Indexed, label: string, tokenisation: Tokenisation): Promise<Row> {
  const naive = await sweepNaively(company, indexed, tokenisation)
  const matcher = compile(company.names)
  const findable = company.planted.filter(([name, file]) => {
    const id = company.names[name]?.id ?? ''
    return naive.brought.get(id)?.has(file) === true && matcher.find(Buffer.from(company.files[file]?.text ?? '')).some(({ term }) => term.id === id)
  })
  const { source, requests } = openGithub(indexed, tokenisation)
  const first = await sweep(company, source, knowNothing(source.stems ?? null), 0)
  const afterFirst = requests()
  const later = await sweep(company, source, first.knowledge, 1)
  return {
    company: label, names: company.names.length, search: tokenisation, naive: naive.requests, first: afterFirst, later: requests() - afterFirst,
    findable: findable.length, missed: findable.filter(([, file]) => !first.found.has(file) || !later.found.has(file)).length,
  }
}

const hours = (requests: number) => (requests / perMinute / 60).toFixed(1)
const share = (part: number, whole: number) => `${((100 * part) / whole).toFixed(1)} %`
const columns = [11, 7, 10, 9, 8, 9, 8, 8, 9, 9, 8]
const print = (cells: readonly (string | number)[]) => console.log(cells.map((cell, at) => (at < 1 ? String(cell).padEnd(columns[at] ?? 0) : String(cell).padStart(columns[at] ?? 0))).join('  '))

const began = performance.now()
const failures: string[] = []
print(['company', 'names', 'search', 'naive', 'hours', 'first', 'hours', 'later', 'hours', 'of naive', 'recall'])
for (const consistent of [true, false]) {
  for (const count of options.names.split(',').map(Number)) {
    const company = createCompany(count, consistent, Number(options.seed))
    const indexed = indexFiles(company.files)
    for (const tokenisation of tokenisations) {
      const label = consistent ? 'consistent' : 'anyhow'
      const row = await measure(company, indexed, label, tokenisation)
      print([row.company, row.names, row.search, row.naive, hours(row.naive), row.first, hours(row.first), row.later, hours(row.later), share(row.later, row.naive), share(row.findable - row.missed, row.findable)])
      if (row.missed > 0) failures.push(`${label}, ${count} names, ${tokenisation}: ${row.missed} of ${row.findable} findable leaks missed`)
      if (!consistent && Math.max(row.first, row.later) > row.naive) failures.push(`${label}, ${count} names, ${tokenisation}: more requests than one query per name`)
    }
  }
}
console.log(`\n${((performance.now() - began) / 1000).toFixed(0)} s. naive: one query per name; first: the sweep that learns; later: every further one. Nine searches a minute.`)
for (const failure of failures) console.log(`FAILED ${failure}`)
if (failures.length > 0) process.exitCode = 1
