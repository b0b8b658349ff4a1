import type { Memory, OpenSource, Source } from '../../src/contracts/source.ts'
import { createHttp } from '../../src/net/http.ts'
import type { Place } from '../../src/remotes/github/shares.ts'
import { createForgetfulMemory } from '../../src/runs/source-memory.ts'
import type { Sandbox } from '../../src/sandbox/start.ts'
import { sourceSettings, type SourceSettings } from '../../src/sources/settings.ts'

interface Opening {
  readonly place: Place
  readonly now: () => Date
  readonly memory?: Memory
  readonly organizations?: readonly string[]
  readonly settings?: Readonly<Record<string, unknown>>
}

/** A source on GitHub, opened on a sandbox. */
export function openOnSandbox(source: Source<SourceSettings>, sandbox: Pick<Sandbox, 'url' | 'github'>, { place, now, memory, organizations, settings }: Opening): OpenSource {
  const { token, apiUrl, graphqlUrl } = sandbox.github
  const http = createHttp({ userAgent: 'namesake/test', origins: [sandbox.url], now, timeoutMs: 5_000 })
  const opened = source.open(sourceSettings.parse({ github: { token, apiUrl, graphqlUrl, places: [place], ...settings } }), {
    http, now, organizations: organizations ?? ['acme-corp'], memory: memory ?? createForgetfulMemory(),
  })
  if (opened === null) throw new Error('the settings do not open the source')
  return opened
}
