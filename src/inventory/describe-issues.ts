import { z } from 'zod'
import type { Fault } from '../errors.ts'

type Issue = z.core.$ZodIssue
type Path = readonly PropertyKey[]
type Definition = z.core.$ZodTypes['_zod']['def']

/** Where a value was found that did not fit. */
export interface IssueContext {
  /** The schema that was applied. */
  readonly schema: z.core.$ZodType
  /** The value as the person wrote it, before environment variables were put in. */
  readonly written: unknown
  /** File, for messages. */
  readonly where: string
  /** Dotted path in front of the issue's own. */
  readonly prefix?: string
  /** Why a value is missing, when that is known (an environment variable that is not set). */
  readonly missing?: (key: string) => string | undefined
}

/**
 * The faults of a value that did not fit its schema: key path, value, what was expected; unknown keys with the
 * nearest known one. The issues need their input (`safeParse(…, { reportInput: true })`). Values of secrets, and of anything that stands where a secret should, are never shown.
 */
export function describeIssues(issues: readonly Issue[], context: IssueContext): Fault[] {
  return issues.flatMap((issue) => describeIssue(issue, context))
}

function describeIssue(issue: Issue, context: IssueContext): Fault[] {
  const { schema, written, where } = context
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, issue.path, valueAt(written, issue.path))
    return issue.keys.map((key) => ({ where, key: dotted([...issue.path, key], context), expected: `unknown key; ${suggestion(key, known)}` }))
  }
  const key = dotted(issue.path, context)
  if (issue.input === undefined) return [{ where, key, expected: `missing; ${context.missing?.(key) ?? sentence(issue)}` }]
  const value = valueAt(written, issue.path)
  return [{ where, key, value: shown(value, schema, issue.path), expected: sentence(issue) }]
}

/** What was expected, in words. */
function sentence(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${nouns[issue.expected] ?? issue.expected}`
    case 'too_small':
      return issue.origin === 'string' || issue.origin === 'array'
        ? `expected at least ${issue.minimum} ${issue.origin === 'string' ? 'character(s)' : 'entries'}`
        : `expected a number of at least ${issue.minimum}`
    case 'too_big':
      return issue.origin === 'string' || issue.origin === 'array'
        ? `expected at most ${issue.maximum} ${issue.origin === 'string' ? 'characters' : 'entries'}`
        : `expected a number of at most ${issue.maximum}`
    case 'invalid_format':
      return issue.format === 'url' ? 'expected a URL (https://…)' : issue.message
    case 'invalid_value':
      return `expected ${issue.values.map(String).join(', ')}`.replace(/, (?=[^,]*$)/, ' or ')
    case 'invalid_union':
      return 'options' in issue && Array.isArray(issue.options) ? `expected ${issue.options.map(String).join(' or ')}` : issue.message
    default:
      return issue.message
  }
}

const nouns: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
  object: 'keys with values',
  record: 'keys with values',
  string: 'a text (in quotes)',
}

/** A value for a message: short, on one line, without passwords. */
function shown(value: unknown, schema: z.core.$ZodType, path: Path): string {
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object' && value !== null) return 'keys with values'
  if (leadsToSecret(schema, path)) return '[hidden]'
  return quote(value)
}

/** A scalar for a message: at most 80 characters, escaped, with the user part of a URL hidden. */
export function quote(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  const masked = text.replace(/:\/\/[^/@\s]*@/g, '://[hidden]@')
  return masked.length > 80 ? `${masked.slice(0, 80)}…` : masked
}

function dotted(path: Path, context: IssueContext): string {
  const parts = path.map(String)
  return (context.prefix === undefined || context.prefix === '' ? parts : [context.prefix, ...parts]).join('.')
}

function valueAt(value: unknown, path: Path): unknown {
  let current = value
  for (const key of path) {
    if (typeof current !== 'object' || current === null) return undefined
    // Indexing an object of unknown shape by one of its keys.
    current = (current as Record<PropertyKey, unknown>)[key]
  }
  return current
}

/** "did you mean …?" for a near miss, else the list of what is known. */
export function suggestion(key: string, known: readonly string[]): string {
  const near = known.find((candidate) => distance(key.toLowerCase(), candidate.toLowerCase()) <= Math.max(1, Math.floor(candidate.length / 4)))
  if (near !== undefined) return `did you mean "${near}"?`
  return known.length === 0 ? 'nothing is known here' : `known here: ${known.join(', ')}`
}

/** Edits (insert, drop, change, swap of neighbours) from one word to another; long words are simply far. */
function distance(one: string, other: string): number {
  if (one.length > 40 || other.length > 40) return Infinity
  let beforeLast: number[] = []
  let last = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (let row = 1; row <= one.length; row += 1) {
    const next = [row]
    for (let column = 1; column <= other.length; column += 1) {
      const same = one[row - 1] === other[column - 1]
      let best = Math.min((last[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1, (last[column - 1] ?? 0) + (same ? 0 : 1))
      if (row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1]) {
        best = Math.min(best, (beforeLast[column - 2] ?? 0) + 1)
      }
      next.push(best)
    }
    beforeLast = last
    last = next
  }
  return last[other.length] ?? Infinity
}

/** The schema inside wrappers: optional, default, and the like. */
export function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
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

function keysAt(schema: z.core.$ZodType, path: Path, value: unknown): string[] {
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
function leadsToSecret(schema: z.core.$ZodType, path: Path): boolean {
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
