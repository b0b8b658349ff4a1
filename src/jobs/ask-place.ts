import type { OpenSource } from '../contracts/source.ts'
import { describeError, Permanent } from '../errors.ts'
import type { Question } from '../findings/list-due-places.ts'
import { loadPlace, type LoadedPlace } from '../findings/load-place.ts'
import type { JobHandler, Payload } from '../queue/open.ts'
import type { JobContext } from './context.ts'
import { enqueuePlaces } from './enqueue-places.ts'

/** What a question does with its one request, and with one that brought nothing. */
export interface PlaceWork {
  ask(loaded: LoadedPlace, source: OpenSource): Promise<void>
  giveUp(loaded: LoadedPlace, reason: string): Promise<void>
}

const untold = 'not asked: the path holds a name that is never disclosed'

/** The life of a question about a place: load it, ask if it is still due, store, enqueue what is due next. */
export function placeHandler(context: JobContext, question: Question, work: PlaceWork): JobHandler {
  const load = async (payload: Payload): Promise<LoadedPlace | null> => {
    const { document } = payload
    if (document === undefined) throw new Permanent('the job names no document')
    const loaded = await loadPlace(context.database.db, BigInt(document))
    const dueAt = question === 'attribute' ? loaded?.document.attributeDueAt : loaded?.document.recheckDueAt
    return loaded === null || dueAt === null || dueAt === undefined || dueAt > context.now() ? null : loaded
  }
  return {
    async run(payload) {
      const loaded = await load(payload)
      if (loaded === null) return
      const source = context.sources.get(loaded.document.source)
      if (source?.[question] === undefined) throw new Permanent(`the source ${loaded.document.source} is not configured any more`)
      if (source.tellsPaths === true && (await context.guard())(loaded.place.path ?? '')) await work.giveUp(loaded, untold)
      else await work.ask(loaded, source)
      await enqueuePlaces(context, question, { documentId: loaded.document.id })
    },
    async giveUp(payload, error) {
      const loaded = await load(payload)
      if (loaded === null) return
      await work.giveUp(loaded, describeError(error))
      context.log.warn({ document: String(loaded.document.id), source: loaded.document.source, question, class: error instanceof Error ? error.constructor.name : 'unknown' }, 'a place could not be asked about')
    },
  }
}
