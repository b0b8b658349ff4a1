import { z } from 'zod'
import { Invalid } from '../errors.ts'
import type { Importer } from './contract.ts'
import { readPurl } from './purl.ts'
import { readDocuments, sbomKeys, type Component } from './sbom-settings.ts'

const settings = z.strictObject({ type: z.literal('cyclonedx'), ...sbomKeys })

interface Raw {
  readonly name?: unknown
  readonly purl?: unknown
  readonly components?: unknown
}
const component: z.ZodType<Raw> = z.looseObject({ name: z.unknown().optional(), purl: z.unknown().optional(), components: z.unknown().optional() })
const bom = z.object({ bomFormat: z.literal('CycloneDX'), metadata: z.object({ component: component.optional() }).optional(), components: z.array(z.unknown()).default([]) })
const xmlBom = z.object({
  bom: z.object({
    metadata: z.object({ component: component.optional() }).optional().catch(undefined),
    components: z.union([z.object({ component: z.array(z.unknown()).default([]) }), z.literal('')]).optional(),
  }),
})

/** Bills of materials in JSON and XML. */
export const cyclonedx: Importer<z.output<typeof settings>> = {
  type: 'cyclonedx',
  title: 'CycloneDX bill of materials (JSON, XML)',
  docs: 'https://cyclonedx.org/docs/latest/json/',
  settings,
  nameOf: ({ name, paths }) => name ?? `cyclonedx ${paths.join(' ')}`.replaceAll('|', ' '),
  read: (given, environment, told) => readDocuments(given, environment, told, { endings: /(?:cdx|bom|cyclonedx)[\w.-]*\.(?:json|xml)$/i, read }),
}

async function read(text: string, file: string): Promise<Component[]> {
  const wrong = (): never => {
    throw new Invalid([{ where: file, key: '', expected: 'this is no CycloneDX document in JSON or XML' }])
  }
  const { subject, components } = text.trimStart().startsWith('<') ? await readXml(text, wrong) : readJson(text, wrong)
  return [...(subject === undefined ? [] : [componentOf(subject, true)]), ...nested(components).map((one) => componentOf(one, false))]
}

function readJson(text: string, wrong: () => never): { readonly subject: Raw | undefined; readonly components: readonly unknown[] } {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return wrong()
  }
  const parsed = bom.safeParse(value)
  return parsed.success ? { subject: parsed.data.metadata?.component, components: parsed.data.components } : wrong()
}

async function readXml(text: string, wrong: () => never): Promise<{ readonly subject: Raw | undefined; readonly components: readonly unknown[] }> {
  // Its entities could grow without bounds; no bill of materials needs one.
  if (text.includes('<!DOCTYPE')) return wrong()
  const { XMLParser } = await import('fast-xml-parser')
  const parser = new XMLParser({ ignoreAttributes: true, parseTagValue: false, removeNSPrefix: true, isArray: (name, at) => name === 'component' && !String(at).startsWith('bom.metadata') })
  let value: unknown
  try {
    value = parser.parse(text)
  } catch {
    return wrong()
  }
  const parsed = xmlBom.safeParse(value)
  if (!parsed.success) return wrong()
  const { metadata, components } = parsed.data.bom
  return { subject: metadata?.component, components: typeof components === 'object' ? components.component : [] }
}

/** Components may hold components; in JSON a list, in XML an element with a list. */
function nested(top: readonly unknown[]): Raw[] {
  const all: Raw[] = []
  const left: unknown[] = [...top]
  for (let one = left.pop(); one !== undefined; one = left.pop()) {
    const parsed = component.safeParse(one)
    if (!parsed.success) continue
    all.push(parsed.data)
    const inner = parsed.data.components
    const list = Array.isArray(inner) ? inner : typeof inner === 'object' && inner !== null && 'component' in inner && Array.isArray(inner.component) ? inner.component : []
    for (const child of list) left.push(child)
  }
  return all
}

function componentOf({ name, purl }: Raw, isSubject: boolean): Component {
  return { purl: typeof purl === 'string' ? readPurl(purl.trim()) : null, isSubject, label: typeof name === 'string' ? name : 'the component' }
}
