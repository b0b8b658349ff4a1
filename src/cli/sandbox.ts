import { InvalidArgumentError, Option, type Command } from 'commander'
import { teach } from './help.ts'
import { aborted, untilInterrupted } from './interrupt.ts'

interface Options {
  readonly repositories: string
  readonly port: number
  readonly codeSearchPerMinute: number
  readonly faults?: 'light' | 'heavy'
  readonly tokenisation: 'substring' | 'tokens' | 'compounds' | 'literal'
}

export function addSandbox(program: Command): void {
  const command = program
    .command('sandbox')
    .description('a replica of GitHub and Slack over HTTP on this machine, in front of any folder of git repositories')
    .requiredOption('--repositories <folder>', 'git repositories, as owner/name or owner/name.git')
    .option('--port <port>', 'port to listen on; 0: a free one', parsePort, 8700)
    .option('--code-search-per-minute <n>', 'limit of code search for one account', whole, 10)
    .addOption(new Option('--tokenisation <mode>', 'how the code search cuts words').choices(['substring', 'tokens', 'compounds', 'literal']).default('tokens'))
    .addOption(new Option('--faults <preset>', 'misbehave as the real services do (default: behave)').choices(['light', 'heavy']))
    .action(async (options: Options) => {
      // Loaded only here: no other command needs GitHub's schema in memory.
      const [{ startSandbox }, { faultPresets }] = await Promise.all([import('../sandbox/start.ts'), import('../sandbox/faults.ts')])
      await untilInterrupted(async (signal) => {
        await using sandbox = await startSandbox({
          port: options.port,
          repositories: options.repositories,
          tokenisation: options.tokenisation,
          limits: { codeSearchPerMinute: options.codeSearchPerMinute },
          ...(options.faults === undefined ? {} : { faults: faultPresets[options.faults] }),
        })
        console.log(`GitHub REST    ${sandbox.github.apiUrl}\nGitHub GraphQL ${sandbox.github.graphqlUrl}\nGitHub token   ${sandbox.github.token}\nSlack webhook  ${sandbox.slack.webhookUrl}\nSlack Web API  ${sandbox.slack.apiUrl}\nSlack tokens   ${sandbox.slack.workspace.botToken}, ${sandbox.slack.workspace.appToken}, channels ${[...sandbox.slack.workspace.channels.keys()].join(', ')}\nSlack channel  ${sandbox.slack.pageUrl}\nCtrl-C ends it.`)
        await aborted(signal)
      })
    })
  teach(command, {
    notes: 'It listens on this machine only, and keeps nothing when it ends.',
    examples: [['sandbox --repositories ~/mirrors --faults light', 'on a bad day']],
    exitCodes: '0 ended by a signal, 2 bad input or it could not start.',
  })
}

/** A port of TCP, 0 for any free one. */
export function parsePort(text: string): number {
  const port = whole(text)
  if (port > 65_535) throw new InvalidArgumentError('a port from 0 to 65535 is expected.')
  return port
}

function whole(text: string): number {
  if (!/^\d{1,7}$/.test(text)) throw new InvalidArgumentError('a whole number is expected.')
  return Number(text)
}
