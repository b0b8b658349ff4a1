import type { z } from 'zod'
import type { Fault } from '../errors.ts'
import { keysAt, leadsToSecret, valueAt, type Path } from './walk-schema.ts'

type Issue = z.core.$ZodIssue

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
 * nearest known one. The issues need their input (`safeParse(…, { reportInput: true })`). Values of secrets, and of
 * anything that stands where a secret should, are never shown.
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

/** "did you mean …?" for a near miss, else the list of what is known. */
export function suggestion(key: string, known: readonly string[]): string {
  const [nearest] = known
    .map((candidate) => ({ candidate, edits: distance(key.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, edits }) => edits <= Math.max(1, Math.floor(candidate.length / 4)))
    .sort((one, other) => one.edits - other.edits)
  if (nearest !== undefined) return `did you mean "${nearest.candidate}"?`
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
