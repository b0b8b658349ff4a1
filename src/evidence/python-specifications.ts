import { verdict, type Place, type Verdict } from './format.ts'
import { asDetail, hostOf, isInsideUrl } from './urls.ts'

const ordinary = /^\s*(?:-e\s+|--editable[\s=]+)?(?<name>[A-Za-z0-9][\w.-]*)\s*(?:\[[\w\s,.-]*\]\s*)?(?<version>(?:\(?\s*(?:===?|~=|!=|<=?|>=?|\^)[^;#@\\]*)?)(?:[;#@\s)\\]|$)/d
/** Longest specification that is read. */
const maxLength = 2_000

/**
 * A mention inside one dependency of Python, as pip and PEP 508 write it: `name[extra]>=1.2; marker`, `name @ url`,
 * `git+https://host/repository#egg=name`. `at` is the mention's offset inside the text.
 */
export function readPythonSpecification(text: string, at: number, place: Place, section: string): Verdict {
  if (text.length > maxLength) return verdict('code')
  const url = asDetail(/[^\s"']+:\/\/[^\s"']+/.exec(text)?.[0] ?? null)
  const egg = text.lastIndexOf('egg=', at)
  if (egg >= 0 && !text.slice(egg, at).includes('&')) return verdict('dependency', { section, url, registry: hostOf(text) })
  if (place.kind === 'host' || isInsideUrl(text, at)) return verdict('resolved-url', { section, url, registry: hostOf(text) })
  if (/^\s*(?:-e\s+)?(?:file:|\.{0,2}\/)/.test(text)) return verdict('code', { section: 'local folder' })
  const found = ordinary.exec(text)
  // Behind the name stand extras, versions and markers.
  if (found === null || at >= (found.indices?.groups?.['name']?.[1] ?? 0)) return verdict('code')
  return verdict('dependency', { section, version: asDetail(found.groups?.['version'] ?? null), registry: hostOf(text) })
}
