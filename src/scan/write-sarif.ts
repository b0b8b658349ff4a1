import { createHash } from 'node:crypto'
import { roles } from '../contracts/match.ts'
import { fileArtifact, roleRuleId, roleText, sarifLevels, sarifLog, sarifRoleRules, type SarifResult } from '../formats/sarif.ts'
import { normalise } from '../matching/normalise.ts'
import type { ScanMention, ScanReport } from './contract.ts'

/** A report as SARIF, a JSON text. Gaps are notifications. The fingerprint `namesake/v1` stays the same when lines move. */
export function writeSarif(report: ScanReport, version: string): string {
  const gaps = report.gaps.map(({ path, reason }) => ({
    text: `${path === '' ? '' : `${path}: `}${reason}`,
    ...(path === '' || path.startsWith('<') ? {} : { artifact: fileArtifact(path) }),
  }))
  const interrupted = report.interrupted ? [{ text: 'the scan was interrupted before its end' }] : []
  return sarifLog({ version, rules: sarifRoleRules, results: report.mentions.map(describeResult), gaps: [...gaps, ...interrupted] })
}

function describeResult(mention: ScanMention): SarifResult {
  const { identifier, kind, ecosystem, team, severity, reasons, role, details, line, character, snippet, place, commit, blob } = mention
  return {
    ruleId: roleRuleId(role),
    ruleIndex: roles.indexOf(role),
    level: sarifLevels[severity],
    message: { text: `${identifier} (${ecosystem ?? kind}) is an internal name: ${reasons[0] ?? roleText(role)}` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: artifactOf(mention),
          region: { startLine: line, ...(character === null ? {} : { startColumn: character }), snippet: { text: snippet } },
        },
        ...(place === undefined ? {} : { logicalLocations: [{ fullyQualifiedName: mention.path, kind: place }] }),
      },
    ],
    partialFingerprints: { 'namesake/v1': fingerprint(mention) },
    properties: {
      identifier, kind, ecosystem, team, severity, reasons, details,
      ...(place === undefined ? {} : { place }),
      ...(commit === undefined ? {} : { commit }),
      ...(blob === undefined ? {} : { blob }),
    },
  }
}

/** The same name in the same way in the same line of the same file, wherever in the file the line stands. */
function fingerprint({ identifier, kind, ecosystem, path, role, snippet }: ScanMention): string {
  const line = snippet.trim().replaceAll(/\s+/g, ' ')
  return createHash('sha256').update(JSON.stringify([kind, ecosystem, normalise(identifier, kind, ecosystem), path, role, line])).digest('hex')
}

/** GitHub refuses a result without a file: what is none gets a place below `.git`, where nobody looks for its own. */
function artifactOf({ path, place }: ScanMention): ReturnType<typeof fileArtifact> {
  return fileArtifact(place === undefined ? path : `.git/${place}/${path.replaceAll(/[<>]/g, '')}`)
}
