import { expect } from 'vitest'
import { NamesakeError } from '../../src/errors.ts'

/** The error of work that must fail with one of the closed set, free of the given words wherever one might look. */
export async function failure(work: Promise<unknown>, secrets: readonly string[] = []): Promise<NamesakeError> {
  const error = await work.then(
    () => new Error('it did not fail'),
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(NamesakeError)
  // The line above proves the class.
  const known = error as NamesakeError
  const told = [known.message, String(known.stack), JSON.stringify(known), JSON.stringify(known.cause) ?? ''].join('\n').toLowerCase()
  for (const secret of secrets) expect(told).not.toContain(secret.toLowerCase())
  return known
}
