import type { FindingRow } from '../../api/contract.ts'
import { Badge } from '../parts/badge.tsx'
import { claimInWords, registryWord } from './words.ts'

/** Who holds the name, by the most alarming registry. */
export function ClaimBadge({ claim }: { readonly claim: FindingRow['claim'] }) {
  if (claim === null) return <span className="quiet small">No registry asked</span>
  const { word, more, tone } = claimInWords(claim)
  return <div className="claim-badge"><span><Badge tone={tone}>{word}</Badge> <span className="quiet small">{registryWord(claim.registry)}</span></span>{more === '' ? null : <div className="quiet small">{more}</div>}</div>
}
