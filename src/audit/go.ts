import type { SourceText } from '../evidence/source-text.ts'
import type { Judge, Use } from './contract.ts'
import { findAddresses, judgement, onlyInBuild, unsaid } from './judging.ts'

/**
 * Go: a module path names its host, and the public proxy and the checksum database are told the path unless GOPRIVATE,
 * GONOPROXY or GOPROXY say otherwise (https://go.dev/ref/mod#private-modules).
 */
export const go: Judge = {
  id: 'Go',
  ecosystem: 'go',
  isManifest: ({ base }) => base === 'go.mod',
  isSetting: ({ base, path }) => base === 'go.env' || /(?:^|\/)\.config\/go\/env$/.test(path) || base === '.envrc' || base === 'makefile',
  judge(project, ours) {
    const uses = ours.uses('go', project.manifests)
    const [use] = uses.filter((candidate) => !isReplaced(candidate, project.manifests))
    if (use === undefined) return uses[0] === undefined ? null : judgement('safe', uses[0], `${uses[0].name} comes from a folder`)
    const files = [...project.settings, ...project.builds]
    const fix = `go.env, Dockerfile or CI file\nGOPRIVATE=${use.name.split('/').slice(0, 2).join('/')}/*`
    const proxy = findAddresses(files, /\bGOPROXY["']?[ \t]{0,4}[=:][ \t]{0,4}["']?(?<url>[^\s"',|]{2,500})["']?(?=[\s]|$)/gm, ours).at(0)
    if (proxy?.direction === 'ours') return onlyInBuild(judgement('safe', proxy, 'every module comes from our proxy'), project, fix)
    for (const file of files) {
      for (const found of file.text.matchAll(/\b(?:GOPRIVATE|GONOPROXY)["']?[ \t]{0,4}[=: ][ \t]{0,4}["']?(?<globs>[^\s"']{1,1000})/g)) {
        const globs = (found.groups?.['globs'] ?? '').split(',')
        const at = { path: file.path, line: file.lineAt(found.index).index + 1 }
        if (globs.some((glob) => covers(glob, use.name))) return judgement('safe', at, `${use.name} is private to Go: neither the public proxy nor the checksum database is asked`)
        if (globs.some((glob) => glob.includes('$'))) return judgement('unknown', at, 'what is private to Go is held by a variable', fix)
      }
    }
    return unsaid(use, 'the public module proxy and the checksum database', fix)
  },
}

/** Whether every version of a module comes from a folder (https://go.dev/ref/mod#go-mod-file-replace). */
function isReplaced(use: Use, manifests: readonly SourceText[]): boolean {
  const text = manifests.find(({ path }) => path === use.path)?.text ?? ''
  return [...text.matchAll(/^[ \t]{0,40}(?:replace[ \t]{1,40})?(?<name>[^\s=]{1,500})[ \t]{1,40}=>[ \t]{1,40}\.{0,2}\//gm)].some(({ groups }) => groups?.['name'] === use.name)
}

/** A glob covers every path that begins with what it matches, element by element; `*` is any one element (path.Match). */
function covers(glob: string, name: string): boolean {
  const wanted = glob.replace(/\/$/, '').split('/')
  const given = name.split('/')
  return wanted.length <= given.length && wanted.every((element, at) => fits(element, given[at] ?? ''))
}

function fits(element: string, text: string): boolean {
  const [first = '', ...rest] = element.split('*')
  if (rest.length === 0) return element === text
  const last = rest.at(-1) ?? ''
  return text.startsWith(first) && text.endsWith(last) && text.length >= first.length + last.length
}
