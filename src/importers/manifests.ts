import path from 'node:path'
import { z } from 'zod'
import { Invalid } from '../errors.ts'
import type { Importer } from './contract.ts'
import { paths, shared } from './shared-settings.ts'

const settings = z.strictObject({ type: z.literal('manifests'), paths, ...shared })

/**
 * Manifests and lock files of internal repositories: what `evidence/` knows to be declared in them. A package.json's own
 * name is ours, since the repository is; of dependencies only those that a scope, group, pattern or host of the
 * inventory covers, because most of a lock file is other people's. No version is taken: which one a project uses says
 * nothing about the newest.
 */
export const manifests: Importer<z.output<typeof settings>> = {
  type: 'manifests',
  title: 'manifests and lock files of internal repositories',
  docs: 'https://docs.npmjs.com/cli/configuring-npm/package-lock-json',
  settings,
  nameOf: ({ name, paths: places }) => name ?? `manifests ${places.join(' ')}`.replaceAll('|', ' '),
  async read(given, { readFile, listFiles, isOurs }, told) {
    // Loaded when it is needed: every command reads these settings.
    const [{ declare }, { readable }] = await Promise.all([import('../evidence/declare.ts'), import('../matching/readable.ts')])
    for (const place of given.paths) {
      let files = 0
      for await (const file of listFiles(place)) {
        // Installed packages declare themselves, and are not ours.
        if (file.split(path.sep).includes('node_modules')) continue
        files += 1
        for (const { name, kind, ecosystem, from, how } of declare({ path: file, text: readable(await readFile(file)) })) {
          if (kind !== 'package') continue
          const own = how === 'published to'
          if (own || isOurs({ name, ecosystem, host: from.host })) told.found({ name, ecosystem, version: null, publishedAt: null })
        }
        told.progress(`manifests: ${files.toLocaleString('en')} files`)
      }
      if (files === 0) throw new Invalid([{ where: place, key: '', expected: 'no file stands here' }])
    }
  },
}
