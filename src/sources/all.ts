import type { Source } from '../contracts/source.ts'
import { githubCode } from './github-code/index.ts'
import type { SourceSettings } from './settings.ts'

/** The only list of sources, one line each, in alphabetical order. */
export const sources: readonly Source<SourceSettings>[] = [
  githubCode,
]
