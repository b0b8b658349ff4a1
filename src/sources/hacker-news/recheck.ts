import type { Place, Recheck } from '../../contracts/place.ts'
import { NotFound } from '../../errors.ts'
import { documentOfNode } from './document.ts'
import { itemLocator, node } from './schema.ts'
import type { HackerNews } from './search.ts'

/** Whether a story or a comment is still there: a deleted one stays in its tree, without author and text. */
export async function recheckItem({ http, apiUrl }: HackerNews, { locator }: Place): Promise<Recheck> {
  const id = itemLocator.safeParse(locator)
  if (!id.success) return { state: 'unknown', reason: 'stored by a version that this one cannot read' }
  try {
    const { body } = await http.request({ url: `${apiUrl}/items/${id.data}`, schema: node })
    if ((body.author ?? null) === null && (body.text ?? null) === null) return { state: 'absent', status: 'gone', reason: 'it is deleted' }
    return { state: 'present', document: documentOfNode(body, ''), missing: [] }
  } catch (error) {
    if (error instanceof NotFound) return { state: 'absent', status: 'gone', reason: 'it is not there any more' }
    throw error
  }
}
