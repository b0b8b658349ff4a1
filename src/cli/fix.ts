import type { Command } from 'commander'
import { Invalid } from '../errors.ts'
import type { Leak } from '../remedies/contract.ts'
import { teach } from './help.ts'
import { withStore } from './load.ts'
import { excerpt, paint, shown } from './terminal.ts'

export function addFix(program: Command): void {
  const command = program
    .command('fix')
    .description('what to paste for a leaked name: registry configuration, reservation steps, removal requests; sends nothing')
    .argument('<finding>', 'number of a finding, or a name: of a finding, or of the inventory')
    .option('--json', 'print a JSON array: title, note, file, language, text')
    .action((asked: string, options: { json?: boolean }, self: Command) => withStore(self, async ({ config, database }) => {
      const [{ listFindings }, { readInventory }, { remediesFor }, { describeCompany }] = await Promise.all([
        import('../findings/list-findings.ts'), import('../app/read-inventory.ts'), import('../remedies/all.ts'), import('../app/describe-company.ts'),
      ])
      const { lines } = await readInventory(config)
      const number = /^#?(?<id>\d{1,18})$/.exec(asked)?.groups?.['id']
      const findings = await listFindings(database.db, number === undefined ? {} : { ids: [BigInt(number)] })
      const wanted = asked.toLowerCase()
      const leaks: Leak[] = findings
        .filter(({ identifier }) => number !== undefined || identifier.toLowerCase() === wanted)
        .map(({ identifier, kind, ecosystem, occurrences }) => ({ name: identifier, kind, ecosystem, places: occurrences.filter(({ status }) => status !== 'gone') }))
      if (leaks.length === 0 && number === undefined) {
        for (const { form, text, kind, ecosystem } of lines) if (form === 'name' && text.toLowerCase() === wanted) leaks.push({ name: text, kind, ecosystem, places: [] })
      }
      if (leaks.length === 0) throw new Invalid([{ where: 'command line', key: 'finding', value: JSON.stringify(excerpt(asked, 80)), expected: 'no finding and no line of the inventory is called so; "namesake findings" lists them' }])
      const hosts = lines.flatMap(({ form, kind, text }) => (form === 'name' && kind === 'host' ? [text] : []))
      const company = describeCompany(config, hosts)
      const remedies = leaks.flatMap((leak) => remediesFor(leak, company))
      if (options.json === true) return console.log(JSON.stringify(remedies, null, 2))
      if (remedies.length === 0) return console.log('Nothing to paste for a name of this kind: it stands in no place that takes requests, and no registry knows such names.')
      console.log(remedies.map(({ title, note, file, text }, at) => [
        `${paint('bold', `${at + 1}. ${shown(title)}`)}${file === null ? '' : `  ${paint('dim', shown(file))}`}`,
        shown(note),
        '',
        // To be copied: without a margin, and without anything that a terminal would obey.
        ...text.trimEnd().split('\n').map(shown),
      ].join('\n')).join('\n\n'))
    }))
  teach(command, {
    examples: [['fix 28', 'for the finding #28'], ['fix @acme-corp/auth', 'before anything leaked'], ['fix 28 --json', 'for a ticket']],
    exitCodes: '0 printed, 2 nothing is called so, or bad input.',
  })
}
