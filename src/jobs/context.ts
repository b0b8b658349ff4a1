import type { OpenNotifier } from '../contracts/notifier.ts'
import type { Matcher } from '../contracts/match.ts'
import type { Ecosystem } from '../contracts/inventory.ts'
import type { Routing } from '../contracts/routing.ts'
import type { OpenRegistry } from '../contracts/registry.ts'
import type { OpenSource } from '../contracts/source.ts'
import type { Company } from '../evidence/relation.ts'
import type { Database } from '../db/client.ts'
import type { Log } from '../log.ts'
import type { Candidate } from '../planning/claims.ts'
import type { OpenRecords } from '../registries/osv/index.ts'
import type { Queues } from '../queue/open.ts'

/** What the jobs of a process share. Everything is handed in; a test hands in its own. */
export interface JobContext {
  readonly database: Database
  readonly queues: Pick<Queues, 'enqueue'>
  readonly sources: ReadonlyMap<string, OpenSource>
  readonly notifiers: ReadonlyMap<string, OpenNotifier>
  /** Who is told what, and when. */
  readonly routing: Routing
  readonly registries: ReadonlyMap<string, { readonly ecosystem: Ecosystem; readonly title: string; readonly registry: OpenRegistry }>
  /** Records of malicious packages; null: not configured. */
  readonly records: OpenRecords | null
  /** Registries are asked for names before these are found in public. */
  readonly askAll: boolean
  /** The rule of the inventory as it stands now: why a registry may not learn a name; null: it may. */
  askRule(): Promise<(candidate: Candidate) => string | null>
  /** Whether a text would tell a name with `disclose: never`, by the inventory as it stands now. */
  guard(): Promise<(text: string) => boolean>
  /** Who we are, to tell our people from strangers. */
  readonly company: Company
  /** Name of the company, for messages. */
  readonly organization: string
  /** The matcher of the inventory as it stands now. */
  matcher(): Promise<Matcher>
  /** True for places that are ours or that the operator ignores. */
  ignored(container: string, path: string | null): boolean
  readonly now: () => Date
  readonly log: Log
}

/** Names of the destinations that are open. */
export function channelsOf(context: Pick<JobContext, 'notifiers'>): readonly string[] {
  return [...context.notifiers.keys()]
}
