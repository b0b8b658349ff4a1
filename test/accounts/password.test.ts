import { expect, test } from 'vitest'
import { hashPassword, isPassword } from '../../src/accounts/password.ts'
import { Transient } from '../../src/errors.ts'

const quick = { N: 1024, r: 8, p: 1 }

test('is known again by its hash, also as another system types the same letters, and no other is', async () => {
  const stored = await hashPassword('Zürich im März', quick)
  expect(stored).toMatch(/^scrypt\$1024\$8\$1\$[\w-]{22}\$[\w-]{43}$/)
  expect(await isPassword('Zürich im März'.normalize('NFD'), stored)).toBe(true)
  expect(await isPassword('Zürich im Marz', stored)).toBe(false)
  expect(await hashPassword('Zürich im März', quick)).not.toBe(stored)
})

test('nobody has none, not even an empty one', async () => {
  expect([await isPassword('', null), await isPassword('anything', null)]).toEqual([false, false])
})

test('a flood of them waits its turn, and beyond that is refused at once; afterwards all is as before', async () => {
  const flood = await Promise.allSettled(Array.from({ length: 60 }, (_, index) => hashPassword(`password ${index}`, quick)))
  const refused = flood.filter((one) => one.status === 'rejected')
  expect(refused).toHaveLength(8)
  for (const { reason } of refused) expect(reason).toBeInstanceOf(Transient)
  expect(await isPassword('again', await hashPassword('again', quick))).toBe(true)
})
