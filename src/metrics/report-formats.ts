/** Formats of a quarter's report; apart, because help names them and loads nothing else. */
export const reportFormats = ['json', 'csv', 'xlsx', 'html', 'sarif', 'defectdojo', 'ocsf'] as const
export type ReportFormat = (typeof reportFormats)[number]
