export interface IgnoreRules {
  /** Globs over `owner/name`, whatever the case. */
  readonly repositories: readonly string[]
  /** Globs over paths, `/`-separated, case-sensitive. */
  readonly paths: readonly string[]
}

/**
 * Says what is wrong with a glob; null when nothing is. `*` stands for any text within one segment, `?` for one
 * character, a segment `**` for any number of segments. A glob without any letter or digit would silently ignore the
 * world, and is refused.
 */
export function globFault(glob: string): string | null {
  if (glob.length > 500) return 'a glob has at most 500 characters'
  if (!/[\p{L}\p{N}]/u.test(glob)) return 'this would ignore everything; name an owner, a folder or an ending'
  if (glob.startsWith('/') || glob.endsWith('/')) return 'a glob neither starts nor ends with a slash; write folder/** for everything in a folder'
  if (/[[\]{}!\\]/.test(glob)) return 'a glob understands only * ** and ?'
  return null
}

/** The same for `ignore.repositories`: it must say owner and name. */
export function repositoryGlobFault(glob: string): string | null {
  if (glob.split('/').length !== 2) return 'expected owner/name, with * for any text (acme-corp/*)'
  return globFault(glob)
}

/**
 * Decides which places are not leaks: repositories of our own organisations, and what the operator ignores. A path
 * glob without a slash is compared with the last segment (`*.lock`), with one with the whole path (`vendor/**`).
 * Fails towards looking: what no rule names is not ignored.
 * @param owners accounts that are us, whatever the case
 * @returns `(container, path)`: container is `owner/name`, or the name of a site or board; path null where there is none
 */
export function compileIgnore(rules: IgnoreRules, owners: readonly string[]): (container: string, path: string | null) => boolean {
  const own = new Set(owners.map((owner) => owner.toLowerCase()))
  const repositories = rules.repositories.map((glob) => glob.toLowerCase().split('/'))
  const paths = rules.paths.map((glob) => glob.split('/'))
  return (container, path) => {
    const segments = container.toLowerCase().split('/')
    if (segments.length > 1 && own.has(segments[0] ?? '')) return true
    if (repositories.some((glob) => matchesSegments(glob, segments))) return true
    if (path === null || paths.length === 0) return false
    const steps = path.split('/').filter((step) => step !== '')
    return paths.some((glob) => matchesSegments(glob, glob.length === 1 && glob[0] !== '**' ? steps.slice(-1) : steps))
  }
}

function matchesSegments(glob: readonly string[], steps: readonly string[]): boolean {
  return matchesSequence(glob, steps, (part) => part === '**', (part, step) => matchesSequence(part, step, isStar, isCharacter))
}

const isStar = (part: string) => part === '*'
const isCharacter = (part: string, character: string) => part === '?' || part === character

/**
 * Wildcard matching that only ever goes back to the last wildcard: pattern x text steps at most, no recursion.
 * Taking the first place that fits is enough, because a later wildcard can take up what an earlier one left.
 */
function matchesSequence(
  pattern: readonly string[] | string,
  text: readonly string[] | string,
  isWildcard: (part: string) => boolean,
  fits: (part: string, item: string) => boolean,
): boolean {
  let at = 0
  let read = 0
  let wildcard = -1
  let resume = 0
  while (read < text.length) {
    const part = pattern[at]
    if (part !== undefined && isWildcard(part)) {
      wildcard = at
      resume = read
      at += 1
    } else if (part !== undefined && fits(part, text[read] ?? '')) {
      at += 1
      read += 1
    } else if (wildcard !== -1) {
      resume += 1
      read = resume
      at = wildcard + 1
    } else {
      return false
    }
  }
  while (at < pattern.length && isWildcard(pattern[at] ?? '')) at += 1
  return at === pattern.length
}
