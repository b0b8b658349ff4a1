import type { SourceText } from '../evidence/source-text.ts'
import { hostOf } from '../evidence/urls.ts'
import type { Direction, Judgement, Ours, Project, Use } from './contract.ts'

/** An address that packages are fetched from, and where the files say so. */
export interface Address {
  readonly url: string
  readonly direction: Direction
  readonly path: string
  readonly line: number
}

export function addressAt(file: SourceText, start: number, url: string, ours: Ours): Address {
  return { url, direction: ours.direction(url), path: file.path, line: file.lineAt(start).index + 1 }
}

/** Every address in the group `url` of a pattern. */
export function findAddresses(files: readonly SourceText[], pattern: RegExp, ours: Ours): Address[] {
  return files.flatMap((file) =>
    [...file.text.matchAll(pattern)].map((found) => addressAt(file, found.index + found[0].search(/\S/), found.groups?.['url'] ?? '', ours)))
}

export function judgement(verdict: Judgement['verdict'], at: { readonly path: string; readonly line: number }, reason: string, fix: string | null = null): Judgement {
  return { verdict, reason, path: at.path, line: at.line, fix }
}

/** The address without user, password, way and query. */
export const shortly = ({ url, direction }: Address): string => (direction === 'unknown' ? 'an address that a variable holds' : (hostOf(url) ?? 'another place'))

/** Nothing in the files says where our names come from. */
export function unsaid(use: Use, public_: string, fix: string): Judgement {
  return judgement('exposed', use, `${use.name} is installed, and nothing in the project says where from: a build asks ${public_}`, fix)
}

/**
 * For tools that look everywhere they may: our names are safe when every place is ours.
 * @param implicit the public place that is asked although no file names it; null where none is
 */
export function judgePlaces(uses: readonly Use[], places: readonly Address[], implicit: string | null, fix: string): Judgement | null {
  const mine = places.find(({ direction }) => direction === 'ours')
  const unsure = places.find(({ direction }) => direction === 'unknown')
  const other = places.find(({ direction }) => direction === 'other')
  const [use] = uses
  if (mine === undefined && use === undefined) return null
  if (mine === undefined) {
    if (use === undefined) return null
    if (unsure !== undefined) return judgement('unknown', unsure, `${use.name} is installed from an address that a variable holds`, fix)
    return other === undefined ? unsaid(use, implicit ?? 'the public registry', fix) : judgement('exposed', other, `${use.name} is installed from ${shortly(other)}`, fix)
  }
  const second = other === undefined ? implicit : shortly(other)
  if (second !== null) return judgement('exposed', other ?? mine, `our registry ${shortly(mine)} and ${second} are both asked for every name: the higher version wins, or whoever answers first`, fix)
  if (unsure !== undefined) return judgement('unknown', unsure, `beside our registry ${shortly(mine)} an address is asked that a variable holds`, fix)
  return judgement('safe', mine, `everything comes from our registry ${shortly(mine)}`)
}

/** A setting that only a build file makes holds for that build, and for nobody else's. */
export function onlyInBuild(found: Judgement, project: Project, fix: string): Judgement {
  if (found.verdict !== 'safe' || !project.builds.some(({ path }) => path === found.path)) return found
  return { ...found, verdict: 'unknown', reason: `${found.reason}, and only this build says so: another one, or a person, asks the public registry`, fix }
}
