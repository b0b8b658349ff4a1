import type { Document } from '../../contracts/document.ts'
import type { Fetched, Hit } from '../../contracts/source.ts'
import { NotFound } from '../../errors.ts'
import { documentOfNode } from './document.ts'
import { itemLocator, node, type Node } from './schema.ts'
import type { HackerNews } from './search.ts'

const nothing: Fetched = { documents: [], absent: [], retry: [], unreadable: [] }
/** Comments of one thread that are read; the largest had some thousands. */
const mostComments = 20_000

/** A thread with all its comments, each a document of its own. */
export async function fetchThread({ http, apiUrl }: HackerNews, { ref, locator }: Hit): Promise<Fetched> {
  const id = itemLocator.safeParse(locator)
  if (!id.success) return { ...nothing, unreadable: [{ ref, reason: 'stored by a version that this one cannot read' }] }
  try {
    const { body } = await http.request({ url: `${apiUrl}/items/${id.data}`, schema: node })
    return readThread(ref, body)
  } catch (error) {
    if (error instanceof NotFound) return { ...nothing, absent: [{ ref, reason: 'the thread is gone' }] }
    throw error
  }
}

function readThread(ref: string, thread: Node): Fetched {
  const story = thread.title ?? ''
  const documents: Document[] = []
  const unreadable: { ref: string; reason: string }[] = []
  const waiting: unknown[] = [thread]
  while (waiting.length > 0 && documents.length < mostComments) {
    const parsed = node.safeParse(waiting.pop())
    if (!parsed.success) {
      unreadable.push({ ref, reason: 'a comment in a form that cannot be read' })
      continue
    }
    // Deleted ones have no text; what hangs below them is read all the same.
    documents.push(documentOfNode(parsed.data, story))
    waiting.push(...(parsed.data.children ?? []).toReversed())
  }
  return { ...nothing, documents, unreadable, ...(waiting.length > 0 ? { shortfall: `more than ${mostComments} comments in one thread` } : {}) }
}
