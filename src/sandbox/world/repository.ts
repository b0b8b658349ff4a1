import type { CommitSource } from '../git/import-commits.ts'

/** A repository of the make-believe public, as data. */
export interface WorldRepository {
  /** `owner/name` */
  readonly fullName: string
  readonly description: string
  readonly stars?: number
  readonly forkOf?: string
  readonly commits: readonly CommitSource[]
}

/** What a search of the public should make of one name in one file. */
export interface Expectation {
  /** The name as it is written there (of a Maven package: the group). */
  readonly identifier: string
  readonly repository: string
  readonly path: string
  /** True: must be found. False: cannot be found by search, or must not be reported. */
  readonly findable: boolean
  readonly why: string
}
