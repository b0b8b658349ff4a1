import { stringify } from 'csv-stringify/sync'
import type { Exposure } from './exposure.ts'

const columns = [
  'quarter', 'asOf', 'findingId', 'identifier', 'kind', 'ecosystem', 'team', 'source', 'role', 'state', 'dismissedReason',
  'publicSince', 'publicSinceIsLowerBound', 'firstSeenAt', 'acknowledgedAt', 'resolvedAt', 'goneAt', 'foundInQuarter', 'exposedAtEnd',
  'severity', 'claimable', 'closedAt', 'exposedAtStart', 'reopenedInQuarter',
] as const

/**
 * A row per name, with a header, CRLF line ends (RFC 4180). A cell that starts like a formula gets an apostrophe in
 * front: the text comes from the public and is opened in a spreadsheet.
 */
export function exposureCsv(exposure: Exposure): string {
  const rows = exposure.names.map((name) => ({ quarter: exposure.quarter, asOf: exposure.asOf, ...name }))
  return stringify(rows, {
    header: true,
    columns: [...columns],
    record_delimiter: 'windows',
    escape_formulas: true,
    cast: { boolean: (value) => (value ? 'true' : 'false') },
  })
}
