import { expect, test } from 'vitest'
import { createTurns } from '../../../src/notifiers/slack/turns.ts'

test('the first message goes at once, each further one waits for its turn, and turns are not saved up', async () => {
  let at = 0
  const waits: number[] = []
  const turn = createTurns(1_100, { now: () => at, wait: async (ms) => { waits.push(ms) } })
  await turn()
  expect(waits).toEqual([])
  at = 1_000
  await turn()
  expect(waits).toEqual([100])
  at = 9_000
  await turn()
  await turn()
  await turn()
  expect(waits).toEqual([100, 1_100, 2_200])
})
