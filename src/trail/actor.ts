import type { ActorKind } from '../db/schema/index.ts'

/** Who does something. */
export interface Actor {
  readonly kind: ActorKind
  /** Who, in the kind's own words: login, e-mail, user name of the shell. */
  readonly name: string
}
