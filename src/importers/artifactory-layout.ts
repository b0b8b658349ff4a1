import type { Ecosystem } from '../contracts/inventory.ts'

export interface Coordinates {
  readonly name: string
  readonly version: string | null
}

/** Characters of a file name that are read: file systems allow no more. */
const maxName = 255

/**
 * The package that a file of an Artifactory repository belongs to. Artifactory puts files where the tools of the
 * ecosystem put them; repositories are also filled by hand.
 * @returns null for a path that is laid out in no known way; `other` for a file that is no package (an index, metadata)
 */
export function readArtifactPath(ecosystem: Ecosystem, path: string, file: string): Coordinates | 'other' | null {
  if (file.length > maxName || path.length > 2_000) return null
  // Artifactory's own indexes.
  if (/^\.(?:npm|pypi|jfrog|index|composer)(?:\/|$)/.test(path)) return 'other'
  return layouts[ecosystem](path === '.' ? [] : path.split('/'), file)
}

const layouts: Readonly<Record<Ecosystem, (folders: readonly string[], file: string) => Coordinates | 'other' | null>> = {
  // @acme/auth/-/@acme/auth-1.2.3.tgz
  npm(folders, file) {
    const dash = folders.indexOf('-')
    const name = folders.slice(0, dash).join('/')
    const start = `${folders[dash - 1] ?? ''}-`
    return dash > 0 && file.startsWith(start) && file.endsWith('.tgz') ? { name, version: file.slice(start.length, -'.tgz'.length) } : null
  },
  // com/acme/auth/1.2.3/auth-1.2.3.pom
  maven(folders, file) {
    const [artifact, version] = folders.slice(-2)
    const group = folders.slice(0, -2).join('.')
    return group !== '' && artifact !== undefined && version !== undefined && file.startsWith(`${artifact}-`) ? { name: `${group}:${artifact}`, version } : null
  },
  // acme-auth/1.2.3/acme_auth-1.2.3-py3-none-any.whl
  pypi(_folders, file) {
    const wheel = /^(?<name>[^-]+)-(?<version>[^-]+)-.+\.whl$/.exec(file)?.groups
    const sdist = /^(?<name>.+)-(?<version>[^-]+)\.(?:tar\.gz|tgz|tar\.bz2|zip)$/.exec(file)?.groups
    const read = wheel ?? sdist
    if (read === undefined) return /\.(?:html|asc|metadata|json)$/.test(file) ? 'other' : null
    return { name: read['name'] ?? '', version: read['version'] ?? null }
  },
  // Acme.Auth/1.2.3/Acme.Auth.1.2.3.nupkg
  nuget(_folders, file) {
    if (file.endsWith('.symbols.nupkg')) return 'other'
    const read = /^(?<name>.+?)\.(?<version>\d+(?:\.\d+){1,3}(?:[-+].*)?)\.nupkg$/.exec(file)?.groups
    return read === undefined ? null : { name: read['name'] ?? '', version: read['version'] ?? null }
  },
  // gems/acme-auth-1.2.3-x86_64-linux.gem
  rubygems(_folders, file) {
    const read = /^(?<name>.+?)-(?<version>\d[\w.]*)(?:-[\w-]+)?\.gem$/.exec(file)?.groups
    return read === undefined ? null : { name: read['name'] ?? '', version: read['version'] ?? null }
  },
  // crates/acme-auth/acme-auth-1.2.3.crate
  crates(folders, file) {
    const name = folders.at(-1) ?? ''
    return name !== '' && file.startsWith(`${name}-`) ? { name, version: file.slice(name.length + 1).replace(/\.crate$/, '') } : null
  },
  // acme/auth/1.2.3/acme-auth-1.2.3.zip
  packagist([vendor, name, version]) {
    return vendor === undefined || name === undefined ? null : { name: `${vendor}/${name}`, version: version ?? null }
  },
  // acme-corp.com/auth/@v/v1.2.3.mod: a capital is written as ! and its lower case (go.dev/ref/mod#goproxy-protocol)
  go(folders, file) {
    const at = folders.indexOf('@v')
    if (at <= 0) return null
    const path = folders.slice(0, at).join('/')
    return { name: path.replace(/!(?<letter>[a-z])/g, (_, letter: string) => letter.toUpperCase()), version: file.replace(/\.mod$/, '') }
  },
  // team/base/1.2.3/manifest.json; a digest is no version
  docker(folders) {
    const tag = folders.at(-1) ?? ''
    const name = folders.slice(0, -1).join('/')
    return name === '' ? null : { name, version: tag.startsWith('sha256') || tag === 'latest' ? null : tag }
  },
}
