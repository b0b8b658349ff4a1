import { describe, expect, test } from 'vitest'
import { roles, type Role } from '../../src/contracts/match.ts'
import { formats } from '../../src/evidence/formats/all.ts'
import { recognise } from '../../src/evidence/recognise.ts'
import { samples } from './labelled/all.ts'
import { unmark } from './labelled/sample.ts'

const labelled = samples.map(unmark)

describe('the labelled set', () => {
  test.each(labelled.map((entry, index) => [entry.path ?? `a post (${index})`, entry] as const))('%s: every mention is what a person calls it', (_, { path, text, matches, labels }) => {
    expect(matches.length).toBeGreaterThan(0)
    const said = recognise({ path, text }, matches).map(({ line, name, role, details }, index) => {
      const wanted = Object.keys(labels[index]?.details ?? {}).map((key) => [key, details[key]])
      return { at: `${line} ${name}`, role, details: Object.fromEntries(wanted) as unknown }
    })
    expect(said).toEqual(labels.map(({ role, details }, index) => ({ at: said[index]?.at, role, details })))
  })

  test('shows every format at work', () => {
    const seen = new Set(labelled.flatMap(({ path, text, matches }) => recognise({ path, text }, matches).map(({ details }) => details['format'])))
    expect(formats.map(({ id }) => id).filter((id) => !seen.has(id))).toEqual([])
  })

  test('holds every role many times, so that no answer is right by default', () => {
    const counts = new Map<Role, number>()
    for (const { labels } of labelled) for (const { role } of labels) counts.set(role, (counts.get(role) ?? 0) + 1)
    expect(roles.filter((role) => (counts.get(role) ?? 0) < 20)).toEqual([])
    // What is merely mentioned is as much a part of it as what matters.
    expect((counts.get('code') ?? 0) + (counts.get('prose') ?? 0)).toBeGreaterThan(200)
  })

  test('formats have ids of their own', () => {
    expect(new Set(formats.map(({ id }) => id)).size).toBe(formats.length)
  })
})
