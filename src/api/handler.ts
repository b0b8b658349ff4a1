import type { Context } from 'hono'
import type { App } from '../app/open.ts'
import type { Answer, Parsed, RouteName, Routes } from './contract.ts'
import type { Asker } from './door.ts'
import type { Live } from './live.ts'
import type { Oidc } from './oidc.ts'
import type { Origin } from './origin.ts'

/** What every handler finds. */
export interface Service {
  readonly app: App
  readonly origin: Origin
  readonly live: Live
  /** Null: none is configured. */
  readonly oidc: Oidc | null
}

/** A request that was let in: parts of path, address and body as the contract's schemas made them. */
export type Call<Name extends RouteName> = Parsed<Name> & {
  readonly service: Service
  readonly who: Routes[Name]['role'] extends 'nobody-yet' ? null : Asker
  /** For cookies, streams and addresses; not for reading the request. */
  readonly http: Context
}

/** Thin over verbs: what a verb throws becomes the answer in `refusal.ts`. A `Response` where `media` says it is no JSON. */
export type Handler<Name extends RouteName> = (call: Call<Name>) => Promise<Answer<Name> | Response>

/** The handlers of some routes, by name. */
export type Handlers<Name extends RouteName> = { readonly [Each in Name]: Handler<Each> }
