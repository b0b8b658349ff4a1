import { z } from 'zod'
import type { Hit, Memory } from '../../contracts/source.ts'
import { digestOf } from './addresses.ts'

/** What keeps one crawl from growing without end: the places it was led to so far, up to a cap. */
export interface Frontier {
  /** Begins a crawl anew; answers its token, which the locators of its hits carry. */
  begin(key: string): Promise<number>
  /**
   * Of these hits those that the crawl may still take, the earlier ones first. `cut`: the cap left some out. Two
   * workers at once may let a few more through; none is left out without being told.
   */
  admit(crawl: { readonly key: string; readonly token: number; readonly cap: number }, hits: readonly Hit[]): Promise<{ readonly hits: readonly Hit[]; readonly cut: boolean }>
}

const stored = z.object({ token: z.number(), seen: z.array(z.string()) })

export function createFrontier(memory: Memory, now: () => Date): Frontier {
  const nameOf = (key: string): string => `crawl ${key}`
  return {
    async begin(key) {
      const token = now().getTime()
      await memory.set(nameOf(key), { token, seen: [] })
      return token
    },
    async admit({ key, token, cap }, hits) {
      if (hits.length === 0) return { hits: [], cut: false }
      const known = stored.safeParse(await memory.get(nameOf(key)))
      const seen = new Set(known.success && known.data.token === token ? known.data.seen : [])
      const before = seen.size
      let cut = false
      const taken = hits.filter(({ ref }) => {
        const mark = digestOf(ref).slice(0, 12)
        // Met before: its step exists already, a second one is dropped by the run.
        if (seen.has(mark)) return true
        if (seen.size >= cap) {
          cut = true
          return false
        }
        seen.add(mark)
        return true
      })
      if (seen.size > before) await memory.set(nameOf(key), { token, seen: [...seen] })
      return { hits: taken, cut }
    },
  }
}
