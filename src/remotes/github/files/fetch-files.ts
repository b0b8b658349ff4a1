import type { Fetched, Hit } from '../../../contracts/source.ts'
import { Transient } from '../../../errors.ts'
import type { GithubClient } from '../client.ts'
import { asWhole, fetchBatch, type Place } from './blobs.ts'
import { locator } from './schema.ts'
import { fetchWhole } from './whole-file.ts'

/**
 * Files in one request. Twenty files of 512,000 bytes, every byte escaped sixfold, stay below the byte cap of the
 * HTTP client; and GitHub stops what takes it over ten seconds.
 */
export const batchSize = 20

/**
 * `fetch` of the opened source. One request per call: a batch by GraphQL, or one whole file by REST; the other hits
 * come back in `retry`. A batch that is too heavy for GitHub is asked again with a quarter of its files (20, 5, 1);
 * a single file that still fails is fetched by REST. After a batch that went well the next may be four times as large.
 */
export function createFetchFiles(client: GithubClient): (hits: readonly Hit[]) => Promise<Fetched> {
  let size = batchSize
  return async (hits) => {
    const { batch, wholes, unreadable } = sortHits(hits)
    const [whole] = wholes
    if (batch.length === 0) {
      const fetched = whole === undefined ? nothing : await fetchWhole(client, whole)
      return { ...fetched, retry: [...fetched.retry, ...hitsOf(wholes.slice(1))], unreadable: [...unreadable, ...fetched.unreadable] }
    }
    const asked = batch.slice(0, size)
    const left = [...hitsOf(batch.slice(size)), ...hitsOf(wholes)]
    try {
      const { fetched, heavy } = await fetchBatch(client, asked)
      size = heavy ? smaller(asked.length) : Math.min(batchSize, Math.max(size, asked.length * 4))
      return { ...fetched, retry: [...fetched.retry, ...left], unreadable: [...unreadable, ...fetched.unreadable] }
    } catch (error) {
      if (!(error instanceof Transient)) throw error
      size = smaller(asked.length)
      if (asked.length > 1) throw error
      return { ...nothing, retry: [...asked.map(asWhole), ...left], unreadable }
    }
  }
}

const nothing: Fetched = { documents: [], absent: [], retry: [], unreadable: [] }

function smaller(size: number): number {
  return Math.max(1, Math.floor(size / 4))
}

function hitsOf(places: readonly Place[]): readonly Hit[] {
  return places.map(({ hit }) => hit)
}

function sortHits(hits: readonly Hit[]): { readonly batch: readonly Place[]; readonly wholes: readonly Place[]; readonly unreadable: Fetched['unreadable'] } {
  const batch: Place[] = []
  const wholes: Place[] = []
  const unreadable: { ref: string; reason: string }[] = []
  for (const hit of hits) {
    const parsed = locator.safeParse(hit.locator)
    if (!parsed.success) unreadable.push({ ref: hit.ref, reason: 'stored by a version that this one cannot read' })
    else if (parsed.data.whole) wholes.push({ hit, locator: parsed.data })
    else batch.push({ hit, locator: parsed.data })
  }
  return { batch, wholes, unreadable }
}
