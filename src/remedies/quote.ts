import type { Company } from './contract.ts'

/** A TOML basic string: what JSON escapes is a subset of what TOML reads. https://toml.io/en/v1.0.0#string */
export function tomlString(text: string): string {
  // JSON leaves DEL as it is; TOML forbids it.
  return JSON.stringify(text).replaceAll('\u007F', '\\u007F')
}

/** Text for an XML element or an attribute in double quotes; what XML 1.0 cannot hold is left out. */
export function xmlText(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

/** Inline code of Markdown on one line: the fence is longer than any run of ticks inside. https://spec.commonmark.org/0.31.2/#code-spans */
export function code(text: string): string {
  const plain = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim()
  const longest = Math.max(0, ...[...plain.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return longest === 0 ? `${fence}${plain}${fence}` : `${fence} ${plain} ${fence}`
}

/** A literal text inside a regular expression of Java. */
export function regexText(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}

/** One line, for comments that end with their line. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim()
}

const paths = {
  npm: { artifactory: 'api/npm/npm/', nexus: 'repository/npm-group/' },
  pypi: { artifactory: 'api/pypi/pypi/simple', nexus: 'repository/pypi-group/simple' },
  maven: { artifactory: 'maven', nexus: 'repository/maven-public/' },
  nuget: { artifactory: 'api/nuget/v3/nuget/index.json', nexus: 'repository/nuget-group/index.json' },
} as const

/** The address of an ecosystem in our registry, by the layout of its product; the repository's name is a guess. */
export function addressOf(ecosystem: keyof typeof paths, { registry }: Company): string {
  return registry.product === null ? `${registry.url}/` : `${registry.url}/${paths[ecosystem][registry.product]}`
}

/** What a person must check before pasting. */
export function checkAddress({ registry }: Company): string {
  return registry.isExample
    ? 'Replace the address: the inventory names no registry host.'
    : 'Check the address: the host is yours, the repository in its path is a guess.'
}
