import type { Document } from '../../../contracts/document.ts'
import type { Hit } from '../../../contracts/source.ts'
import type { Locator } from './schema.ts'

/** The document that a hit became. Who published it and when is known of a push, not from a search. */
export function documentOf({ ref }: Pick<Hit, 'ref'>, locator: Locator, text: Uint8Array): Document {
  const { source, name, path, commit, oid, repositoryId, pushed } = locator
  return {
    source,
    ref,
    revision: commit ?? '',
    contentHash: oid,
    url: permalink(locator),
    lineAnchor: '#L',
    title: `${name}/${path}`,
    container: { id: repositoryId, name, owner: name.slice(0, name.indexOf('/')) },
    path,
    text,
    truncated: false,
    author: pushed?.by ?? null,
    publishedAt: pushed === undefined ? null : new Date(pushed.at),
    locator: { ...locator },
  }
}

/** The page of the file in the commit that was indexed. */
function permalink({ web, name, commit, path }: Locator): string {
  return `${web}/${encodePath(name)}/blob/${commit ?? 'HEAD'}/${encodePath(path)}`
}

/** Every segment by itself: `#`, `?` and `%` are ordinary characters of file names. */
function encodePath(path: string): string {
  return path.split('/').map((segment) => encodeURIComponent(segment.toWellFormed())).join('/')
}
