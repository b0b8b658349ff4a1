import { InvalidArgumentError, Option, type Command } from 'commander'
import { startSandbox } from '../sandbox/start.ts'
import { faultPresets } from '../sandbox/faults.ts'
import { interruptible } from './interrupt.ts'
import { aborted } from './up.ts'

interface Options {
  readonly repositories: string
  readonly port: number
  readonly codeSearchPerMinute: number
  readonly faults?: 'light' | 'heavy'
  readonly tokenisation: 'substring' | 'tokens' | 'literal'
}

export function addSandbox(program: Command): void {
  program
    .command('sandbox')
    .description('a replica of GitHub and Slack over HTTP on this machine, in front of any folder of git repositories')
    .requiredOption('--repositories <folder>', 'git repositories, as owner/name or owner/name.git')
    .option('--port <port>', 'port to listen on', whole, 8700)
    .option('--code-search-per-minute <n>', 'limit of code search for one account', whole, 10)
    .addOption(new Option('--tokenisation <mode>', 'how the code search cuts words').choices(['substring', 'tokens', 'literal']).default('tokens'))
    .addOption(new Option('--faults <preset>', 'misbehave as the real services do').choices(['light', 'heavy']))
    .action(async (options: Options) => {
      const interrupt = interruptible()
      const sandbox = await startSandbox({
        port: options.port,
        repositories: options.repositories,
        tokenisation: options.tokenisation,
        limits: { codeSearchPerMinute: options.codeSearchPerMinute },
        ...(options.faults === undefined ? {} : { faults: faultPresets[options.faults] }),
      })
      try {
        console.log(`GitHub REST    ${sandbox.github.apiUrl}\nGitHub GraphQL ${sandbox.github.graphqlUrl}\nSlack webhook  ${sandbox.slack.webhookUrl}\nSlack channel  ${sandbox.url}/slack\nCtrl-C ends it.`)
        await aborted(interrupt.signal)
      } finally {
        await sandbox.close()
        interrupt.dispose()
      }
    })
}

function whole(text: string): number {
  if (!/^\d{1,7}$/.test(text)) throw new InvalidArgumentError('a whole number is expected.')
  return Number(text)
}
