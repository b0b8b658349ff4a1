import { InvalidArgumentError, Option, type Command } from 'commander'
import { email as emailSchema, personName } from '../api/contract/session.ts'
import { accountRoles, type AccountRole } from '../api/contract/route.ts'
import type { Link } from '../accounts/link.ts'
import type { Store } from '../app/open.ts'
import { NotFound } from '../errors.ts'
import { teach } from './help.ts'
import { withStore } from './load.ts'
import { excerpt, plural, table } from './terminal.ts'
import { loginName } from './triage.ts'

/** Who may log in to the page: for the first start, and for who is locked out. Everything here is in the audit trail. */
export function addAccounts(program: Command): void {
  const command = program.command('accounts').description('who may log in to the page: list, invite, roles, and a way back for who is locked out')
  addList(command)
  addFirst(command)
  addInvite(command)
  addRole(command)
  addSwitch(command, 'disable', 'may not log in any more: sessions end, tokens stop; what they did stays in the history', true)
  addSwitch(command, 'enable', 'may log in again', false)
  addReset(command)
  teach(command, { examples: [['accounts first', 'a new link for the first administrator'], ['accounts reset ann@acme-corp.com', 'a link for a new password']] })
}

function addList(accounts: Command): void {
  const command = accounts
    .command('list')
    .description('everybody who has an account')
    .option('--json', 'print a JSON array')
    .action((options: { json?: boolean }, self: Command) => withStore(self, async ({ database, now }) => {
      const { listAccounts } = await import('../accounts/list-accounts.ts')
      const rows = (await listAccounts(database.db, now())).map(({ id, ...row }) => ({ id: String(id), ...row }))
      if (options.json === true) return console.log(JSON.stringify(rows, null, 2))
      if (rows.length === 0) return console.log('Nobody has an account yet; "namesake accounts first" prints a link for the first administrator.')
      console.log(table(rows.map(({ email, name, role, status, sessions, tokens, lastSeenAt }) => [
        excerpt(email, 100), excerpt(name, 60), role, status, plural(sessions, 'session'), plural(tokens, 'token'), lastSeenAt === null ? 'never seen' : `seen ${lastSeenAt.toISOString().slice(0, 16)}Z`,
      ])))
    }))
  teach(command, {})
}

function addFirst(accounts: Command): void {
  const command = accounts
    .command('first')
    .description('print a new one-time link for the first administrator; the one before it ends')
    .action((_options: object, self: Command) => withStore(self, async (store) => {
      const { firstLogin } = await import('../processes/first-login.ts')
      const words = await firstLogin(store, true)
      console.log(words ?? 'There are accounts already: "namesake accounts list" shows them, "namesake accounts invite" adds one.')
    }))
  teach(command, { notes: 'The link is good for 24 hours and for one use. While nobody has an account "namesake up" prints one at its first start.' })
}

function addInvite(accounts: Command): void {
  const command = accounts
    .command('invite')
    .description('make an account, and print the one-time link that sets its password')
    .argument('<email>', 'address of the person', parseEmail)
    .option('--name <name>', 'as they are called (default: the address)', parseName)
    .addOption(roleOption())
    .action((email: string, options: { name?: string; role: AccountRole }, self: Command) => withStore(self, async (store) => {
      const { invite } = await import('../accounts/invite.ts')
      const { link } = await invite(store.database.db, { email, name: options.name ?? email, role: options.role, ...by(store) })
      await printLink(store, link)
    }))
  teach(command, { examples: [['accounts invite ann@acme-corp.com --role analyst', 'hand the link over yourself: nothing is mailed']] })
}

function addRole(accounts: Command): void {
  const command = accounts
    .command('role')
    .description('give an account another role')
    .argument('<email>', 'whose', parseEmail)
    .argument('<role>', accountRoles.join(', '), parseRole)
    .action((email: string, role: AccountRole, _options: object, self: Command) => withStore(self, async (store) => {
      const { changeAccount } = await import('../accounts/change-account.ts')
      await changeAccount(store.database.db, { accountId: await idOf(store, email), role, ...by(store) })
      console.log(`${excerpt(email, 100)} is ${role} now`)
    }))
  teach(command, { notes: 'viewer: sees everything. analyst: also triages and keeps the inventory. administrator: also accounts, destinations and the audit log.' })
}

function addSwitch(accounts: Command, name: 'disable' | 'enable', description: string, disabled: boolean): void {
  const command = accounts
    .command(name)
    .description(description)
    .argument('<email>', 'whose account', parseEmail)
    .action((email: string, _options: object, self: Command) => withStore(self, async (store) => {
      const { changeAccount } = await import('../accounts/change-account.ts')
      await changeAccount(store.database.db, { accountId: await idOf(store, email), disabled, ...by(store) })
      console.log(`${excerpt(email, 100)} is ${name}d`)
    }))
  teach(command, {})
}

function addReset(accounts: Command): void {
  const command = accounts
    .command('reset')
    .description('print a one-time link for a new password; the old one and all sessions end at once')
    .argument('<email>', 'whose', parseEmail)
    .action((email: string, _options: object, self: Command) => withStore(self, async (store) => {
      const { resetPassword } = await import('../accounts/reset-password.ts')
      await printLink(store, await resetPassword(store.database.db, { accountId: await idOf(store, email), ...by(store) }))
    }))
  teach(command, { notes: 'Also forgets failed attempts to log in.' })
}

function by({ now }: Pick<Store, 'now'>) {
  return { actor: { kind: 'cli', name: loginName() }, now: now() } as const
}

/** @throws NotFound */
async function idOf({ database }: Store, email: string): Promise<bigint> {
  const { findAccount } = await import('../accounts/list-accounts.ts')
  const account = await findAccount(database.db, email)
  if (account === null) throw new NotFound(`there is no account ${excerpt(email, 100)}; "namesake accounts list" shows them`)
  return account.id
}

async function printLink({ config }: Store, link: Link): Promise<void> {
  const [{ originOf }, { linkOf }] = await Promise.all([import('../api/origin.ts'), import('../api/settings.ts')])
  const { url, expiresAt } = linkOf(originOf(config.web), link)
  console.log(`${url}\ngood for one use, until ${expiresAt}`)
}

function roleOption(): Option {
  return new Option('--role <role>', 'what they may do').choices([...accountRoles]).default('viewer')
}

function parseEmail(text: string): string {
  const parsed = emailSchema.safeParse(text)
  if (!parsed.success) throw new InvalidArgumentError('an e-mail address is needed.')
  return parsed.data
}

function parseName(text: string): string {
  const parsed = personName.safeParse(text)
  if (!parsed.success) throw new InvalidArgumentError('a name has 1 to 100 characters.')
  return parsed.data
}

function parseRole(text: string): AccountRole {
  const role = accountRoles.find((known) => known === text)
  if (role === undefined) throw new InvalidArgumentError(`one of ${accountRoles.join(', ')}.`)
  return role
}
