import { verdict, type Place, type Verdict } from './format.ts'
import type { LineSpan, SourceText } from './source-text.ts'

/**
 * What package managers and build services print before or around a name. Anchored or literal, so linear on a line.
 * `loose` ones begin like sentences of prose and count only in logs and code blocks.
 */
const lines: readonly { readonly log: string; readonly pattern: RegExp; readonly note?: string; readonly loose?: true }[] = [
  { log: 'npm', pattern: /\bE404\b|\b404 Not Found\b.{0,40}\bGET\b|\bnpm (?:ERR!|error)\s+(?:code\s+)?E?404\b|is not in (?:this|the npm) registry/, note: 'the registry that was asked did not have it' },
  { log: 'npm', pattern: /^(?:\S{1,60}\s+)?npm (?:ERR!|WARN|error|warn|notice|http|timing|verb|info|sill)(?:\s|$)/ },
  { log: 'pnpm', pattern: /\bERR_PNPM_\w+/ },
  { log: 'yarn', pattern: /^(?:\S{1,60}\s+)?(?:error|warning) (?:An unexpected error occurred|Couldn't find (?:package|any versions)|Received invalid response)|^\S{0,60}\s?➤ YN\d{4}|\u00E2\u009E\u00A4 YN\d{4}/, note: 'the registry that was asked did not have it, or refused' },
  { log: 'pip', pattern: /\bCould not find a version that satisfies the requirement\b|\bNo matching distribution found for\b/, note: 'the registry that was asked did not have it' },
  { log: 'pip', pattern: /^\s*(?:Looking in (?:indexes|links):|Collecting |Downloading |Obtaining |Requirement already satisfied: |Successfully (?:installed|built) |Installing collected packages: |Using cached |Building wheel for |Processing \S|Found existing installation: |Uninstalling )/, loose: true },
  { log: 'poetry', pattern: /^\s*(?:- |\u00E2\u0080\u00A2 )(?:Installing|Updating|Downloading) \S+ \(|\bdoesn't match any versions\b|^Because \S.{0,300}\bdepends on\b/, loose: true },
  { log: 'uv', pattern: /\bwas not found in the package registry\b|\bNo solution found when resolving dependencies\b/, note: 'the registry that was asked did not have it' },
  { log: 'Maven', pattern: /\bCould not find artifact\b|\bFailure to find\b|\bCould not resolve dependencies\b|\bwas not found in https?:/, note: 'the repository that was asked did not have it' },
  { log: 'Maven', pattern: /\[(?:INFO|ERROR|WARNING|DEBUG)\]\s|^\s*(?:Downloading|Downloaded) from \S+:\s/ },
  { log: 'Bundler', pattern: /^\s*Could not find gem '|\bCould not find \S{1,200} in (?:any of the sources|rubygems repository|locally installed)|^(?:Fetching|Installing|Using) \S{1,200} \d/, loose: true },
  { log: 'Gradle', pattern: /^\s*>? ?(?:Could not (?:find|resolve|GET|HEAD|download)\b|A problem occurred (?:configuring|evaluating)|Required by:)|^> Task :/ },
  { log: 'NuGet', pattern: /\b(?:error|warning) NU\d{4}:|^\s*(?:GET|NotFound|OK) https?:\/\/\S{1,400}(?:\.nupkg|index\.json)|\bUnable to find (?:package|version)\b/ },
  { log: 'cargo', pattern: /\bno matching package (?:named|found)\b|^\s*(?:Compiling|Checking|Downloaded|Downloading|Updating|Adding|Locking) \S{1,200} v?\d|\bfailed to (?:get|load source for|select a version for) /, loose: true },
  { log: 'Composer', pattern: /^\s*- (?:Root composer\.json requires|Installing|Downloading|Locking|Upgrading) \S+\/\S+|\bCould not find (?:a matching version of )?package \S+\/\S+/, loose: true },
  { log: 'Go', pattern: /^go: (?:downloading|finding|extracting|module|\S{1,300}@|\S{1,300}: )|\b(?:no required module provides package|cannot find module providing package|unrecognized import path|module declares its path as)\b/, loose: true },
  { log: 'Docker', pattern: /\bpull access denied for\b|\bmanifest (?:for \S{1,300} not found|unknown)\b|^Step \d+\/\d+ : |^#\d+ \[|^Unable to find image '|\bPulling from \S|\bfailed to resolve source metadata for\b/, loose: true },
  { log: 'build service', pattern: /^(?:\S{1,60}\s)?##\[(?:error|warning|group|section|command|debug)\]|^::(?:error|warning|group)\b|^section_start:\d|^Running with gitlab-runner\b|^\[Pipeline\]/ },
]
const maxLine = 1_000

/** What a line of a build log says; null where the line is none. `strict` keeps to what prose never says. */
export function readBuildLog(file: SourceText, line: LineSpan, strict: boolean): Verdict | null {
  const text = file.text.slice(line.start, Math.min(line.end, line.start + maxLine))
  for (const { log, pattern, note, loose } of lines) {
    if (strict && loose === true) continue
    if (pattern.test(text)) return verdict('ci', { section: 'build log', log, note: note ?? null })
  }
  return null
}

/** A memory of what was said about lines: a line with many mentions is read once. */
export function byLine(file: SourceText, read: (file: SourceText, line: LineSpan) => Verdict | null): (place: Place) => Verdict | null {
  let lastIndex = -1
  let last: Verdict | null = null
  return (place) => {
    const line = file.lineAt(place.start)
    if (line.index !== lastIndex) {
      last = read(file, line)
      lastIndex = line.index
    }
    return last
  }
}
