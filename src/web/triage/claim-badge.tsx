import type { FindingRow } from '../../api/contract.ts'
import { Badge } from '../parts/badge.tsx'
import { claimInWords, registryWord } from './words.ts'

/** Who holds the name, by the most alarming registry. */
export function ClaimBadge({ claim, registry = true }: { readonly claim: FindingRow['claim']; readonly registry?: boolean }) {
  if (claim === null) return <span className="quiet small">No registry asked</span>
  const { word, tone } = claimInWords(claim)
  return <span className="claim-badge"><Badge tone={tone}>{word}</Badge>{registry ? <span className="quiet small"> {registryWord(claim.registry)}</span> : null}</span>
}
