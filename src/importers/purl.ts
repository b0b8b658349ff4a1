import type { Ecosystem } from '../contracts/inventory.ts'

export interface PackageUrl {
  readonly name: string
  readonly ecosystem: Ecosystem
  readonly version: string | null
  /** Host of the qualifier repository_url. */
  readonly host: string | null
}

const types: Readonly<Record<string, Ecosystem>> = {
  npm: 'npm', pypi: 'pypi', maven: 'maven', nuget: 'nuget', gem: 'rubygems', cargo: 'crates', composer: 'packagist', golang: 'go', docker: 'docker',
}

/**
 * Reads a package URL (https://github.com/package-url/purl-spec, "How to parse a purl string"): type, namespace, name,
 * version and the registry; null for a broken one and for a type that we have no ecosystem for.
 */
export function readPurl(text: string): PackageUrl | null {
  if (text.length > 2_000) return null
  const parts = /^pkg:\/*(?<type>[\w.+-]+)\/(?<path>[^?#]*?)(?:\?(?<qualifiers>[^#]*))?(?:#.*)?$/.exec(text)?.groups
  const ecosystem = types[parts?.['type']?.toLowerCase() ?? '']
  if (parts === undefined || ecosystem === undefined) return null
  const path = parts['path'] ?? ''
  // The version's @ is the last one; that of a scope stands at the beginning, and should be encoded.
  const at = path.lastIndexOf('@')
  const versioned = at > path.lastIndexOf('/') && at > 0
  const steps = (versioned ? path.slice(0, at) : path).split('/').filter((step) => step !== '').map(decode)
  const name = steps.pop()
  if (name === undefined || name === '' || steps.includes('')) return null
  const joint = ecosystem === 'maven' ? ':' : '/'
  return {
    name: steps.length === 0 ? name : `${steps.join(ecosystem === 'maven' ? '.' : '/')}${joint}${name}`,
    ecosystem,
    version: versioned ? decode(path.slice(at + 1)) || null : null,
    host: hostIn(new URLSearchParams(parts['qualifiers'] ?? '').get('repository_url')),
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return ''
  }
}

/** The qualifier is a URL, or one without its scheme. */
function hostIn(address: string | null): string | null {
  if (address === null) return null
  const url = address.includes('://') ? address : `https://${address}`
  return URL.canParse(url) ? new URL(url).hostname.toLowerCase() : null
}
