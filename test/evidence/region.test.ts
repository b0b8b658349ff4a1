import { expect, test } from 'vitest'
import { readRegions } from '../../src/evidence/region.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const text = Array.from({ length: 12 }, (_, index) => `line number ${index + 1} of some text`).join('\n')
const regionOf = (from: string, line: number) => readRegions(bytes(from))(line)

test('lines that moved, with other white space, are the same region', () => {
  expect(regionOf(`\n\nfirst\n${text.replaceAll('\n', '\r\n').replaceAll(' of', '\tof ')}`, 9)).toBe(regionOf(text, 6))
})

test('one edited line nearby is another region, one far away is not', () => {
  expect(regionOf(text.replace('number 5', 'number five'), 6)).not.toBe(regionOf(text, 6))
  expect(regionOf(text.replace('number 12', 'number twelve'), 6)).toBe(regionOf(text, 6))
})

test.each([['', 1], ['acme-corp-auth', 1], ['a\nacme-corp-auth\nb', 2], [text, 99], ['x'.repeat(200), 1]])('too little text is no region: %j', (from, line) => {
  expect(regionOf(from, line)).toBeNull()
})
