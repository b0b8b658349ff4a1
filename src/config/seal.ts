import { inspect } from 'node:util'
import type { z } from 'zod'
import { childrenOf, isSecret } from '../inventory/walk-schema.ts'

const hidden = '[hidden]'

/**
 * Freezes a configuration, all the way down, and makes every object that holds a secret print `[hidden]` in its place
 * through JSON.stringify, console and util.inspect. The property itself stays a plain text: adapters read it as it is.
 * A spread (`{ ...settings }`) makes an ordinary object again, so hand the object on, not a copy.
 */
export function seal<Value>(value: Value, schema: z.core.$ZodType): Value {
  freeze(value, [schema])
  return value
}

function freeze(value: unknown, schemas: readonly z.core.$ZodType[]): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return
  const secrets = new Set<string>()
  for (const [key, inner] of Object.entries(value)) {
    const below = schemas.flatMap((schema) => childrenOf(schema, key))
    if (below.some(isSecret)) secrets.add(key)
    freeze(inner, below)
  }
  if (secrets.size > 0) {
    const redacted = () => Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, secrets.has(key) ? hidden : inner]))
    Object.defineProperty(value, 'toJSON', { value: redacted })
    Object.defineProperty(value, inspect.custom, { value: redacted })
  }
  Object.freeze(value)
}

/**
 * Every secret of a configuration, and the passwords inside secret URLs (as written and decoded): for tests that look
 * for them in what the program says.
 */
export function secretsIn(value: unknown, schema: z.core.$ZodType): string[] {
  const found = new Set<string>()
  collect(value, [schema], found)
  return [...found]
}

function collect(value: unknown, schemas: readonly z.core.$ZodType[], found: Set<string>): void {
  if (typeof value === 'string') {
    if (schemas.some(isSecret)) for (const secret of [value, ...passwords(value)]) found.add(secret)
    return
  }
  if (typeof value !== 'object' || value === null) return
  for (const [key, inner] of Object.entries(value)) {
    const below = schemas.flatMap((schema) => childrenOf(schema, key))
    collect(inner, below, found)
  }
}

function passwords(value: string): string[] {
  if (!URL.canParse(value)) return []
  const { password } = new URL(value)
  if (password === '') return []
  try {
    return [password, decodeURIComponent(password)]
  } catch {
    return [password]
  }
}
