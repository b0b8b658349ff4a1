import { Refusal } from './refusal.ts'

/** Stands where a handler is still being written; goes when it is. */
export async function notYet(): Promise<never> {
  throw new Refusal({ code: 'not-yet', title: 'Not written yet', status: 501 })
}
