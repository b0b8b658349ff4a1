import type { Command } from 'commander'
import type { NameCoverage } from '../coverage/list-coverage.ts'
import type { CoverageSummary } from '../coverage/summarise-coverage.ts'
import { sources } from '../sources/all.ts'
import { teach } from './help.ts'
import { withStore } from './load.ts'
import { excerpt, paint, plural } from './terminal.ts'

export function addCoverage(program: Command): void {
  const command = program
    .command('coverage [name]')
    .description('how well each name was looked for: a zero that is proven, and one that nobody looked at')
    .option('--json', 'print a JSON array: one element a name and source')
    .action((name: string | undefined, options: { json?: boolean }, self: Command) => withStore(self, async ({ database }) => {
      const { listCoverage } = await import('../coverage/list-coverage.ts')
      const rows = await listCoverage(database.db, name ?? null)
      if (options.json === true) return console.log(JSON.stringify(rows.map((row) => ({ ...row, blindSpots: blindSpotsOf(row.source) })), null, 2))
      if (rows.length === 0) return console.log(name === undefined ? 'No name is in the inventory yet: "namesake sweep" reads it.' : 'The inventory has no such name.')
      for (const row of rows) console.log(describe(row))
      const asked = [...new Set(rows.map(({ source }) => source))]
      for (const source of asked) for (const spot of blindSpotsOf(source)) console.log(paint('dim', `${source} cannot see: ${spot}`))
    }))
  teach(command, {
    notes: 'Proven means: everything that the source shows was read. What no source can see is listed below it.',
    examples: [['coverage', 'every name'], ['coverage acme-corp-auth --json', 'one name, for machines']],
    exitCodes: '0 printed, 2 bad input or failure.',
  })
}

function blindSpotsOf(source: string | null): readonly string[] {
  return sources.find(({ id }) => id === source)?.blindSpots ?? []
}

function describe({ identifier, source, state, completeAt, counted, seen, gap }: NameCoverage): string {
  const results = counted === null ? '' : `, ${seen ?? 0} documents seen of ${counted} results`
  const says = {
    proven: `proven on ${completeAt?.toISOString().slice(0, 10)}${results}`,
    gap: `not proven${results}: ${(gap ?? 'never swept completely').replaceAll('\n', '; ')}`,
    never: `not looked at${gap === null ? '' : `: ${gap}`}`,
  }
  return `${excerpt(identifier, 200)}  ${source ?? 'no source'}: ${excerpt(says[state], 500)}`
}

/** A zero that is proven, and since when, beside what nobody knows: one line. */
export function describeSummary({ lines, exposed, proven, provenSince, partly, neverLookedAt }: CoverageSummary): string {
  const parts = [
    `${exposed} public`,
    proven === 0 ? null : `${proven} not found anywhere, proven on ${provenSince?.slice(0, 10)}`,
    partly === 0 ? null : `${partly} not found, but not everything was looked at`,
    neverLookedAt === 0 ? null : `${neverLookedAt} not looked at`,
  ]
  return `Of ${plural(lines, 'name')} of the inventory: ${parts.filter((part) => part !== null).join('; ')}.${partly + neverLookedAt === 0 ? '' : ' "namesake coverage" tells each.'}`
}
