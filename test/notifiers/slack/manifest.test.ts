import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { mounts } from '../../../src/api/mounts.ts'
import { scopes } from '../../../src/notifiers/slack/bot.ts'

const manifest = z.object({
  oauth_config: z.object({ scopes: z.object({ bot: z.array(z.string()) }) }),
  settings: z.object({ interactivity: z.object({ is_enabled: z.literal(true), request_url: z.url() }) }),
})

test('the app of the manifest has the scopes that the bot uses, no others, and the address of clicks', async () => {
  const { oauth_config: { scopes: { bot } }, settings } = manifest.parse(parse(await readFile(path.join(import.meta.dirname, '../../../slack-app-manifest.yaml'), 'utf8')))
  expect([...bot].sort()).toEqual(scopes.flatMap(({ of }) => [...of]).sort())
  expect(mounts.map(({ path: mounted }) => mounted)).toContain(new URL(settings.interactivity.request_url).pathname)
})
