import type { Recheck } from '../contracts/place.ts'
import { Permanent } from '../errors.ts'
import type { LoadedPlace } from '../findings/load-place.ts'
import { recordRecheck } from '../findings/record-recheck.ts'
import { isBaselineOpen } from '../notices/baseline.ts'
import type { JobHandler } from '../queue/open.ts'
import { placeHandler } from './ask-place.ts'
import type { JobContext } from './context.ts'
import { enqueueNotices } from './enqueue-notices.ts'
import { readDocument } from './read-document.ts'

/** One request about whether a place is still public. What cannot be told is recorded as that: never as gone. */
export function recheckJob(context: JobContext): JobHandler {
  const record = async (loaded: LoadedPlace, answer: Recheck): Promise<void> => {
    const matcher = await context.matcher()
    const document = answer.state === 'present' ? answer.document : null
    const reading = document === null ? null : readDocument(document, matcher)
    await context.database.db.transaction(async (tx) => {
      const baseline = await isBaselineOpen(tx)
      await recordRecheck(tx, answer, { loaded, reading, matchedWith: matcher.digest, routing: context.routing, baseline, now: context.now() })
    })
    await enqueueNotices(context)
  }
  return placeHandler(context, 'recheck', {
    async ask(loaded, source) {
      const answer = await source.recheck?.(loaded.place, loaded.document.recheckProgress?.doubt === true)
      if (answer === undefined) throw new Permanent('the source cannot tell')
      await record(loaded, answer)
    },
    giveUp: (loaded, reason) => record(loaded, { state: 'unknown', reason }),
  })
}
