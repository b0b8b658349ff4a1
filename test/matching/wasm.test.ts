import { describe, expect, test } from 'vitest'
import { compileModule, createInstance, defineFunction, i32, i64, loopWhile, set, writeModule, type Code } from '../../src/matching/wasm.ts'

/** What an expression of numbers is, computed by a module of its own. */
function valueOf(expression: Code<'i32'>): number {
  const module = compileModule(writeModule([defineFunction('run', () => [i32.store(i32.const(0), expression)])]))
  const { memory, functions } = createInstance<{ run: () => void }>(module, 1)
  functions.run()
  return new DataView(memory.buffer).getInt32(0, true)
}

describe('a written module', () => {
  test.each([0, 1, 63, 64, 127, 128, 8191, 8192, 0x7fff_ffff, -1, -64, -65, -128, -8193, -0x8000_0000])('knows the constant %i', (value) => {
    expect(valueOf(i32.const(value))).toBe(value)
    expect(valueOf(i32.fromI64(i64.const(BigInt(value))))).toBe(value)
  })

  test('counts, loads from an offset, and stores what it counted', () => {
    const sum = defineFunction('sum', ({ parameter, local }) => {
      const [last, index, total] = [parameter('i32'), local('i32'), local('i32')]
      return [
        loopWhile(i32.ne(index, last), [set(index, i32.add(index, i32.const(1))), set(total, i32.add(total, i32.load8(index, 299)))]),
        i32.store(i32.const(0), total),
      ]
    })
    const { memory, functions } = createInstance<{ sum: (last: number) => void }>(compileModule(writeModule([sum])), 70_000)
    memory.set([1, 2, 3, 250], 300)
    functions.sum(4)
    expect(memory[0]).toBe(256 % 256)
    expect(memory[1]).toBe(1)
    expect(memory.length).toBe(2 * 65_536)
  })

  test('has a memory of its own for each instance', () => {
    const module = compileModule(writeModule([defineFunction('run', () => [i32.store(i32.const(8), i32.const(7))])]))
    const [one, other] = [createInstance<{ run: () => void }>(module, 1), createInstance<{ run: () => void }>(module, 1)]
    one.functions.run()
    expect([one.memory[8], other.memory[8]]).toEqual([7, 0])
  })
})
