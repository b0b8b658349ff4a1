import { makeFirstLink } from '../accounts/link.ts'
import { originOf } from '../api/origin.ts'
import { linkOf } from '../api/settings.ts'
import type { App } from '../app/open.ts'

/** What a person in front of the first start is told, once; null: there are accounts, or it was told before. */
export async function firstLogin({ config, database, now }: Pick<App, 'config' | 'database' | 'now'>, again = false): Promise<string | null> {
  const link = await makeFirstLink(database.db, { now: now(), again })
  if (link === null) return null
  const { url, expiresAt } = linkOf(originOf(config.web), link)
  return `Nobody has an account yet. This link makes the first administrator, once, until ${expiresAt}:\n  ${url}`
}
