import { z } from 'zod'
import path from 'node:path'
import { Invalid } from '../errors.ts'
import type { ImportEnvironment, Told } from './contract.ts'
import type { PackageUrl } from './purl.ts'
import { paths, shared } from './shared-settings.ts'

/** What a bill of materials says of one package. */
export interface Component {
  readonly purl: PackageUrl | null
  /** The thing that the whole document is about. */
  readonly isSubject: boolean
  /** For what cannot be read. */
  readonly label: string
}

export const sbomKeys = {
  paths,
  everything: z.boolean().default(false).describe('Take every package, other people\'s too; absent: the one that the document is about, and those that a scope, group, pattern or host of the inventory covers'),
  ...shared,
}

/** Documents that are larger are cut off nowhere else: the whole is parsed at once. */
const maxBytes = 256 * 1024 * 1024

/** Reads documents and tells those of their packages that are ours. @throws Invalid a document that cannot be read */
export async function readDocuments(
  given: { readonly paths: readonly string[]; readonly everything: boolean },
  { readFile, listFiles, isOurs }: ImportEnvironment,
  told: Told,
  { endings, read }: { readonly endings: RegExp; readonly read: (text: string, file: string) => Component[] | Promise<Component[]> },
): Promise<void> {
  for (const place of given.paths) {
    let documents = 0
    for await (const file of listFiles(place)) {
      // In a folder only what looks like one; a file that was named is one.
      if (path.basename(file) !== path.basename(place) && !endings.test(file)) continue
      documents += 1
      const bytes = await readFile(file)
      if (bytes.length > maxBytes) throw new Invalid([{ where: file, key: '', expected: 'the document has more than 256 MB' }])
      for (const { purl, isSubject, label } of await read(new TextDecoder().decode(bytes), file)) {
        if (purl === null) {
          if (isSubject) told.unreadable(`${path.basename(file)}: ${label} has no package URL of an ecosystem that is known`)
        } else if (given.everything || isSubject || isOurs({ name: purl.name, ecosystem: purl.ecosystem, host: purl.host })) {
          told.found({ name: purl.name, ecosystem: purl.ecosystem, version: purl.version, publishedAt: null })
        }
      }
      told.progress(`${documents.toLocaleString('en')} documents`)
    }
    if (documents === 0) throw new Invalid([{ where: place, key: '', expected: 'no document of this kind stands here' }])
  }
}
