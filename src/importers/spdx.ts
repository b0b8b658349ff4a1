import { z } from 'zod'
import { Invalid } from '../errors.ts'
import type { Importer } from './contract.ts'
import { readPurl } from './purl.ts'
import { readDocuments, sbomKeys, type Component } from './sbom-settings.ts'

const settings = z.strictObject({ type: z.literal('spdx'), ...sbomKeys })

const reference = z.object({ referenceType: z.string(), referenceLocator: z.string() })
const spdxPackage = z.object({ SPDXID: z.string().catch(''), name: z.string().catch('a package'), externalRefs: z.array(reference.nullable().catch(null)).catch([]) })
const document = z.object({
  spdxVersion: z.string().startsWith('SPDX-2'),
  packages: z.array(z.unknown()).default([]),
  documentDescribes: z.array(z.string()).default([]),
  relationships: z.array(z.object({ spdxElementId: z.string(), relationshipType: z.string(), relatedSpdxElement: z.string() }).nullable().catch(null)).default([]),
})

/** Bills of materials of SPDX 2 in JSON and as tag:value. */
export const spdx: Importer<z.output<typeof settings>> = {
  type: 'spdx',
  title: 'SPDX 2 bill of materials (JSON, tag:value)',
  docs: 'https://spdx.github.io/spdx-spec/v2.3/package-information/',
  settings,
  nameOf: ({ name, paths }) => name ?? `spdx ${paths.join(' ')}`.replaceAll('|', ' '),
  read: (given, environment, told) => readDocuments(given, environment, told, { endings: /(?:\.spdx|spdx[\w.-]*\.json)$/i, read }),
}

function read(text: string, file: string): Component[] {
  const components = text.trimStart().startsWith('{') ? readJson(text) : readTags(text)
  if (components === null) throw new Invalid([{ where: file, key: '', expected: 'this is no SPDX 2 document in JSON or as tag:value' }])
  return components
}

function readJson(text: string): Component[] | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  const parsed = document.safeParse(value)
  if (!parsed.success) return null
  const described = new Set(parsed.data.documentDescribes)
  for (const relation of parsed.data.relationships) {
    if (relation?.relationshipType === 'DESCRIBES') described.add(relation.relatedSpdxElement)
    if (relation?.relationshipType === 'DESCRIBED_BY') described.add(relation.spdxElementId)
  }
  return parsed.data.packages.flatMap((one) => {
    const read = spdxPackage.safeParse(one)
    if (!read.success) return []
    const locator = read.data.externalRefs.find((ref) => ref?.referenceType === 'purl')?.referenceLocator
    return [{ purl: locator === undefined ? null : readPurl(locator), isSubject: described.has(read.data.SPDXID), label: read.data.name }]
  })
}

/** A line a tag; a package begins with PackageName. https://spdx.github.io/spdx-spec/v2.3/conformance/ */
function readTags(text: string): Component[] | null {
  if (!/^SPDXVersion:\s*SPDX-2/m.test(text)) return null
  const found: { id: string; label: string; locator: string | null }[] = []
  const described = new Set<string>()
  for (const line of text.split(/\r?\n/)) {
    const colon = line.indexOf(':')
    const value = line.slice(colon + 1).trim()
    const current = found.at(-1)
    switch (line.slice(0, colon)) {
      case 'PackageName':
        found.push({ id: '', label: value, locator: null })
        break
      case 'SPDXID':
        if (current !== undefined && current.id === '') current.id = value
        break
      case 'ExternalRef': {
        const [, type, locator] = value.split(/\s+/, 3)
        if (current !== undefined && type === 'purl' && locator !== undefined) current.locator ??= locator
        break
      }
      case 'Relationship': {
        const [element = '', relation, other = ''] = value.split(/\s+/, 3)
        if (relation === 'DESCRIBES') described.add(other)
        if (relation === 'DESCRIBED_BY') described.add(element)
        break
      }
    }
  }
  return found.map(({ id, label, locator }) => ({ purl: locator === null ? null : readPurl(locator), isSubject: described.has(id), label }))
}
