import type { Db } from '../db/client.ts'
import { findingsDefectDojo } from '../formats/defectdojo.ts'
import { ocsfFinding, type OcsfActivity } from '../formats/ocsf.ts'
import { findingsSarif } from '../formats/sarif.ts'
import { closedAt } from '../formats/status.ts'
import { loadFindingsThen, type QuarterReport } from './load-report.ts'
import type { ExposedName } from './exposure.ts'
import type { FindingThen } from './report-finding.ts'
import type { ReportFormat } from './report-formats.ts'

export interface ReportContext {
  readonly company: string
  readonly version: string
}

/** A report of a quarter in one format; text, and of a workbook its bytes. The same report is the same bytes. */
export async function writeReport(db: Db, report: QuarterReport, format: ReportFormat, { company, version }: ReportContext): Promise<string | Uint8Array> {
  const { exposure } = report
  const findings = () => loadFindingsThen(db, exposure)
  switch (format) {
    case 'json':
      return `${JSON.stringify({ ...exposure, previous: report.previous.map((quarter) => ({ ...quarter, names: undefined })) }, null, 2)}\n`
    case 'csv':
      return (await import('./exposure-csv.ts')).exposureCsv(exposure)
    case 'xlsx':
      return (await import('./exposure-xlsx.ts')).exposureXlsx(report)
    case 'html':
      return (await import('./report/exposure-html.ts')).exposureHtml({ company, report, findings: await findings(), version })
    case 'sarif': {
      const then = await findings()
      return `${findingsSarif(then, { version, gaps: gapsOf(report, then) })}\n`
    }
    case 'defectdojo':
      return `${findingsDefectDojo(await findings(), { version })}\n`
    case 'ocsf':
      return (await findings()).map((finding, index) => `${JSON.stringify(event(finding, exposure.names[index], report, version))}\n`).join('')
  }
}

/** An event per name: what became of it in the quarter. A line each, as collectors read them. */
function event(finding: FindingThen, name: ExposedName | undefined, { exposure }: QuarterReport, version: string) {
  const over = finding.state === 'dismissed' || closedAt(finding) !== null
  const activity: OcsfActivity = over ? 'close' : name?.foundInQuarter === true ? 'create' : 'update'
  const at = new Date(finding.changedAt)
  return ocsfFinding(finding, { activity, at, eventUid: `${exposure.quarter}.${finding.id}.${at.getTime()}`, version })
}

/** What stands in the way of taking the list for all there is. */
function gapsOf({ exposure: { coverage } }: QuarterReport, findings: readonly FindingThen[]): string[] {
  const left = coverage.identifiers - coverage.proven
  const places = findings.reduce((sum, { placesWithoutAddress }) => sum + placesWithoutAddress, 0)
  return [
    ...(left === 0 ? [] : [`${left} of ${coverage.identifiers} names were not looked for completely in every source`]),
    ...(places === 0 ? [] : [`${places} places were recorded by a version that did not keep where they are`]),
  ]
}
