/** Reasons of a dismissal that are counted; what a person writes instead counts as `other`, and a comment says the rest. */
export const dismissals = ['not-ours', 'public-on-purpose', 'test-data', 'accepted-risk', 'other'] as const
export type Dismissal = (typeof dismissals)[number]
