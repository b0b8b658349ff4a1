import type { Disclosure, Line } from '../contracts/inventory.ts'
import { readRules, stricter } from '../importers/settle.ts'
import { normalise } from '../matching/normalise.ts'

/** True when `after` lets somebody learn the name who may not by `before`. */
export function loosens(before: Disclosure | null, after: Disclosure): boolean {
  return before !== null && before !== after && stricter(before, after) === before
}

/** The strictest rule of the lines that cover a new name besides itself; null: none covers it. */
export function createCoveringRule(lines: readonly Line[]): (line: Line) => Disclosure | null {
  const rules = readRules({ elsewhere: lines, all: lines, normalise })
  return ({ form, kind, ecosystem, text }) => {
    if (form !== 'name' || kind !== 'package' || ecosystem === null) return null
    return rules.settle({ name: text, key: normalise(text, kind, ecosystem), ecosystem, latestVersion: null, firstPublishedAt: null, from: [] }).disclose
  }
}
