import { z } from 'zod'

const text = z.string().catch('')
const person = z.union([z.object({ name: text }), z.string().transform((name) => ({ name }))]).catch({ name: '' })

const version = z
  .object({
    deprecated: z.union([z.string(), z.boolean()]).optional().catch(undefined),
    hasInstallScript: z.boolean().optional().catch(undefined),
    gypfile: z.boolean().optional().catch(undefined),
    scripts: z.record(z.string(), z.string().catch('')).optional().catch(undefined),
    _npmUser: person.optional(),
  })
  .transform(({ _npmUser: publishedBy, ...manifest }) => ({ ...manifest, publishedBy }))
export type NpmVersion = z.output<typeof version>

/**
 * Both forms of a package's document, of which each has what the other lacks. Versions may be absent: then it was
 * unpublished. https://github.com/npm/registry/blob/main/docs/responses/package-metadata.md
 */
export const packument = z.object({
  name: z.string(),
  description: z.string().optional().catch(undefined),
  'dist-tags': z.record(z.string(), z.string().catch('')).optional().catch(undefined),
  versions: z.record(z.string(), version.catch({ publishedBy: undefined })).optional(),
  time: z.record(z.string(), z.unknown()).optional().catch(undefined),
  maintainers: z.array(person).optional().catch(undefined),
  repository: z.union([z.object({ url: text }), z.string().transform((url) => ({ url }))]).optional().catch(undefined),
  homepage: z.string().optional().catch(undefined),
})
export type Packument = z.output<typeof packument>

export const unpublished = z.object({ time: z.string(), versions: z.array(z.string()).catch([]) })

/** Packages of a scope, by name: `{"@acme/x": "write"}`. */
export const scopePackages = z.record(z.string(), z.unknown())
