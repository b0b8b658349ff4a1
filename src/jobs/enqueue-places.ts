import { listDuePlaces, type Question } from '../findings/list-due-places.ts'
import type { JobContext } from './context.ts'

/** Places of one question and source that are put into the queue at once; the rest are still due a minute later. */
const mostAtOnce = 1_000

/** Sources that can answer a question. */
export function answering(context: Pick<JobContext, 'sources'>, question: Question): readonly string[] {
  return [...context.sources].flatMap(([id, source]) => (source[question] === undefined ? [] : [id]))
}

/**
 * Puts places that a question is due for into the queue of its source. Idempotent: the job id is the question's own,
 * place, due time and turn, so that one that waits already is ignored and its next one is not.
 */
export async function enqueuePlaces(context: Pick<JobContext, 'database' | 'queues' | 'sources' | 'now'>, question: Question, only: { readonly documentId?: bigint } = {}): Promise<void> {
  for (const source of answering(context, question)) {
    const due = await listDuePlaces(context.database.db, question, source, { now: context.now(), limit: mostAtOnce, ...only })
    await context.queues.enqueue(
      `${question}.${source}`,
      due.map(({ documentId, dueAt, turn }) => ({ id: `place-${documentId}-${dueAt.getTime()}-${turn}`, payload: { document: String(documentId) } })),
    )
  }
}
