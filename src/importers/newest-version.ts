/**
 * The newer of two versions, whatever their ecosystem: numbers by value, a version with a pre-release tag below the same
 * without one. Where the rules of an ecosystem go further (epochs, post releases), a close call may be wrong: what it
 * is used for is "far above ours".
 */
export function newerVersion(one: string, other: string): string {
  return compareVersions(one, other) >= 0 ? one : other
}

export function compareVersions(one: string, other: string): number {
  const [a, b] = [partsOf(one), partsOf(other)]
  for (let at = 0; at < Math.max(a.numbers.length, b.numbers.length); at += 1) {
    const difference = compareNumbers(a.numbers[at] ?? '0', b.numbers[at] ?? '0')
    if (difference !== 0) return difference
  }
  if (a.tag === b.tag) return 0
  if (a.tag === '') return 1
  if (b.tag === '') return -1
  return a.tag.localeCompare(b.tag, 'en', { numeric: true })
}

/** `1.20.3-rc.1+build` has the numbers 1, 20, 3 and the tag `rc.1`. Words that mean a release are no tag. */
function partsOf(version: string): { readonly numbers: readonly string[]; readonly tag: string } {
  const [plain = ''] = version.slice(0, 200).split('+', 1)
  const core = /^v?(?<numbers>\d+(?:\.\d+)*)/.exec(plain)?.groups?.['numbers'] ?? ''
  const tag = plain.slice(plain.startsWith('v') ? core.length + 1 : core.length).replace(/^[.-]/, '').toLowerCase()
  return { numbers: core === '' ? [] : core.split('.'), tag: ['final', 'release', 'ga', 'incompatible'].includes(tag) ? '' : tag }
}

/** As texts: a date as version (20260101123456789) is above what a number holds exactly. */
function compareNumbers(one: string, other: string): number {
  const [a, b] = [one.replace(/^0+(?=\d)/, ''), other.replace(/^0+(?=\d)/, '')]
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0)
}
