import type { SourceText } from '../evidence/source-text.ts'
import { judges } from './all.ts'
import type { AuditReport, AuditRow, Judge, Ours, Verdict } from './contract.ts'

/** Settings that hold for a build only: containers, CI, environments. */
function isBuild({ base, path }: SourceText): boolean {
  return /^(?:dockerfile|containerfile)(?:\..{1,40})?$|\.dockerfile$|^\.env(?:\.[\w-]{1,40})?$|^(?:docker-)?compose[\w.-]{0,40}\.ya?ml$|^\.gitlab-ci\.yml$|^azure-pipelines[\w.-]{0,40}\.ya?ml$|^jenkinsfile$|^bitbucket-pipelines\.yml$|^\.travis\.yml$/.test(base)
    || /(?:^|\/)(?:\.github\/(?:workflows|actions)|\.circleci|\.buildkite)\/.{1,200}\.ya?ml$/.test(path)
}

/** Whether an audit wants to read a file. */
export function isAudited(file: SourceText): boolean {
  return isBuild(file) || judges.some((judge) => judge.isManifest(file) || judge.isSetting(file))
}

const order: readonly Verdict[] = ['exposed', 'unknown', 'safe']

/**
 * Judges every folder that installs something, once for every kind of dependency. Settings of the folders above count
 * too, the nearest first. Pure.
 */
export function audit(files: readonly SourceText[], ours: Ours): Pick<AuditReport, 'rows' | 'notOurs'> {
  const rows: AuditRow[] = []
  const own = new Set<string>()
  const all = new Set<string>()
  const builds = byFolder(files.filter(isBuild))
  for (const judge of judges) {
    for (const { folder, manifests, settings } of projectsOf(judge, files)) {
      all.add(folder)
      const found = judge.judge({ folder, manifests, settings, builds: above(folder).flatMap((at) => builds.get(at) ?? []) }, ours)
      if (found === null) continue
      own.add(folder)
      rows.push({ project: folder, ecosystem: judge.ecosystem, kind: judge.id, ...found })
    }
  }
  rows.sort((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict) || compareTexts(a.project, b.project) || compareTexts(a.kind, b.kind))
  return { rows, notOurs: all.size - own.size }
}

function projectsOf(judge: Judge, files: readonly SourceText[]) {
  const manifests = byFolder(files.filter(judge.isManifest))
  const settings = byFolder(files.filter(judge.isSetting))
  // Settings without anything to install, here or below, are a project that could install.
  const lonely = [...settings.keys()].filter((folder) => ![...manifests.keys()].some((other) => above(other).includes(folder)))
  return [...manifests.keys(), ...lonely].sort(compareTexts).map((folder) => ({
    folder,
    manifests: manifests.get(folder) ?? [],
    settings: above(folder).flatMap((at) => settings.get(at) ?? []),
  }))
}

/** Folders in which a tool looks for its settings are part of the one that holds them. */
const inner = /(?:^|\/)(?:\.config\/go|\.bundle|\.cargo|\.mvn|\.nuget|gradle|requirements|\.github\/(?:workflows|actions(?:\/[^/]+)?)|\.circleci|\.buildkite)$/

function byFolder(files: readonly SourceText[]): Map<string, SourceText[]> {
  return Map.groupBy(files, ({ path }) => path.split('/').slice(0, -1).join('/').replace(inner, ''))
}

/** The folder and all above it, nearest first. */
function above(folder: string): string[] {
  const segments = folder === '' ? [] : folder.split('/')
  return Array.from({ length: segments.length + 1 }, (_, at) => segments.slice(0, segments.length - at).join('/'))
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
