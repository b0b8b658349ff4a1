import { describe, expect, test } from 'vitest'
import { recognise } from '../../src/evidence/recognise.ts'
import { dotnet } from './labelled/dotnet.ts'
import { jvm } from './labelled/jvm.ts'
import { languages } from './labelled/languages.ts'
import { machines } from './labelled/machines.ts'
import { node } from './labelled/node.ts'
import { others } from './labelled/others.ts'
import { python } from './labelled/python.ts'
import { unmark, type Sample } from './labelled/sample.ts'
import { texts } from './labelled/texts.ts'

const samples: readonly Sample[] = [...dotnet, ...jvm, ...languages, ...machines, ...node, ...others, ...python, ...texts]

describe('the labelled set', () => {
  test.each(samples.map((sample) => [sample.path ?? sample.marked.slice(0, 40), sample] as const))('%s: every mention is what a person calls it', (_, sample) => {
    const { path, text, matches, labels } = unmark(sample)
    expect(matches.length).toBeGreaterThan(0)
    const said = recognise({ path, text }, matches).map(({ line, name, role, details }, index) => {
      const wanted = Object.keys(labels[index]?.details ?? {}).map((key) => [key, details[key]])
      return { at: `${line} ${name}`, role, details: Object.fromEntries(wanted) as unknown }
    })
    expect(said).toEqual(labels.map(({ role, details }, index) => ({ at: said[index]?.at, role, details })))
  })
})
