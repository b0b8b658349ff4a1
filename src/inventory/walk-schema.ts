import { z } from 'zod'

/** Keys and indices from the root. */
export type Path = readonly PropertyKey[]
type Definition = z.core.$ZodTypes['_zod']['def']

/** The schema inside wrappers: optional, default, and the like. */
function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  let current = schema
  for (;;) {
    const inner = innerOf(current)
    if (inner === undefined) return current
    current = inner
  }
}

function innerOf(schema: z.core.$ZodType): z.core.$ZodType | undefined {
  const def = definitionOf(schema)
  switch (def.type) {
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'readonly':
    case 'catch':
    case 'nonoptional':
      return def.innerType
    case 'pipe':
      return def.in
    default:
      return undefined
  }
}

function definitionOf(schema: z.core.$ZodType): Definition {
  // Every schema that zod makes is one of its listed kinds and carries its definition; the base type does not say so.
  return (schema as unknown as { readonly def: Definition }).def
}

/** The schemas that may stand below a key (several where the schema is a union). */
export function childrenOf(schema: z.core.$ZodType, key: PropertyKey): z.core.$ZodType[] {
  const def = definitionOf(unwrap(schema))
  if (def.type === 'object') {
    const child = Object.hasOwn(def.shape, key) ? def.shape[String(key)] : undefined
    return child === undefined ? [] : [child]
  }
  if (def.type === 'array') return [def.element]
  if (def.type === 'union') return def.options.flatMap((option) => childrenOf(option, key))
  return []
}

function schemasAt(schema: z.core.$ZodType, path: Path): z.core.$ZodType[] {
  return path.reduce<z.core.$ZodType[]>((schemas, key) => schemas.flatMap((candidate) => childrenOf(candidate, key)), [schema])
}

/** The only schema at a path; undefined where there is none or a choice of several. */
export function schemaAt(schema: z.core.$ZodType, path: Path): z.core.$ZodType | undefined {
  const schemas = schemasAt(schema, path)
  return schemas.length === 1 ? schemas[0] : undefined
}

/** What a schema is, without its wrappers: `number`, `object`, … */
export function typeOf(schema: z.core.$ZodType): string {
  return definitionOf(unwrap(schema)).type
}

/** Keys that may stand below a path, given the value there. */
export function keysAt(schema: z.core.$ZodType, path: Path, value: unknown): string[] {
  return [...new Set(schemasAt(schema, path).flatMap((candidate) => keysOf(candidate, value)))]
}

function keysOf(schema: z.core.$ZodType, value: unknown): string[] {
  const def = definitionOf(unwrap(schema))
  if (def.type === 'object') return Object.keys(def.shape)
  return def.type === 'union' ? def.options.filter((option) => isChosen(option, value)).flatMap((option) => keysOf(option, value)) : []
}

/** The option of a union that a value picks by its literal keys (`type: lever`). */
function isChosen(option: z.core.$ZodType, value: unknown): boolean {
  const def = definitionOf(unwrap(option))
  if (def.type !== 'object') return false
  return Object.entries(def.shape).every(([key, child]) => {
    const rule = definitionOf(unwrap(child))
    return rule.type !== 'literal' || (rule.values as readonly unknown[]).includes(valueAt(value, [key]))
  })
}

/** Marked `meta({ secret: true })`, on itself or on what it wraps. */
export function isSecret(schema: z.core.$ZodType): boolean {
  if (z.globalRegistry.get(schema)?.['secret'] === true) return true
  const inner = innerOf(schema)
  return inner !== undefined && isSecret(inner)
}

/** A value at this path, or what should stand below it, is a secret: somebody may have put the token one level too high. */
export function leadsToSecret(schema: z.core.$ZodType, path: Path): boolean {
  for (let length = 1; length <= path.length; length += 1) {
    if (schemasAt(schema, path.slice(0, length)).some(isSecret)) return true
  }
  return schemasAt(schema, path).some(holdsSecret)
}

function holdsSecret(schema: z.core.$ZodType): boolean {
  if (isSecret(schema)) return true
  const def = definitionOf(unwrap(schema))
  if (def.type === 'object') return Object.values(def.shape).some(holdsSecret)
  if (def.type === 'array') return holdsSecret(def.element)
  return def.type === 'union' && def.options.some(holdsSecret)
}

/** The value at a path; undefined where there is none. */
export function valueAt(value: unknown, path: Path): unknown {
  let current = value
  for (const key of path) {
    if (typeof current !== 'object' || current === null) return undefined
    // Indexing an object of unknown shape by one of its keys.
    current = (current as Record<PropertyKey, unknown>)[key]
  }
  return current
}
