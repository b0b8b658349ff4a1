/** What the buttons of a message ask for, as Slack names it in a click. */
export const actionIds = {
  acknowledge: 'finding.acknowledge',
  assign: 'finding.assign',
  dismiss: 'finding.dismiss',
} as const
export type DecisionName = keyof typeof actionIds

/** The dialog that asks why a finding is dismissed, and its one field. */
export const dismissDialog = { callback: 'finding.dismiss', block: 'reason', action: 'reason' } as const
