import { CallFailed } from './call.ts'
import { tell } from '../parts/toast.tsx'

/** Why a call failed, for a person; null: it did not. */
export function wordsOf(error: unknown): string | null {
  if (error === null) return null
  return error instanceof CallFailed ? `${error.title}. ${error.detail}` : 'The page made a mistake.'
}

/** For what was not asked for in a form. */
export function tellFailure(title: string): (error: unknown) => void {
  return (error) => tell({ title, detail: wordsOf(error) ?? '', failed: true })
}
