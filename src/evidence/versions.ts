/**
 * The numbers of a version or of what a manifest wants (`^2.1.0`, `>=1.4,<2`, `v1.2.3-rc.1`): the first run of them, at
 * most four; empty when there is none. Enough to compare across ecosystems, which agree on nothing else.
 */
export function versionNumbers(text: string): readonly number[] {
  const run = /\d{1,15}(?:\.\d{1,15}){0,3}/.exec(text.slice(0, 200))?.[0]
  return run === undefined ? [] : run.split('.').map(Number)
}

/** Below zero, zero or above, as `sort` wants it; missing numbers count as 0. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [versionNumbers(a), versionNumbers(b)]
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

/** The highest of some versions; null of none that has numbers. */
export function highestVersion(versions: readonly string[]): string | null {
  let highest: string | null = null
  for (const version of versions) {
    if (versionNumbers(version).length > 0 && (highest === null || compareVersions(version, highest) > 0)) highest = version
  }
  return highest
}
