import { Permanent } from '../errors.ts'
import { postponeAttribution, recordAttribution } from '../findings/record-attribution.ts'
import type { JobHandler } from '../queue/open.ts'
import { placeHandler } from './ask-place.ts'
import type { JobContext } from './context.ts'

/** One request about who brought a place into the public and when. */
export function attributeJob(context: JobContext): JobHandler {
  return placeHandler(context, 'attribute', {
    async ask(loaded, source) {
      const answer = await source.attribute?.(loaded.place, loaded.document.attributeProgress?.next ?? null)
      if (answer === undefined) throw new Permanent('the source cannot tell')
      await context.database.db.transaction((tx) => recordAttribution(tx, answer, { loaded, company: context.company, now: context.now() }))
    },
    async giveUp(loaded) {
      await context.database.db.transaction((tx) => postponeAttribution(tx, loaded, context.now()))
    },
  })
}
