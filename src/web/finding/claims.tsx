import type { FindingDetail } from '../../api/contract.ts'
import { Badge } from '../parts/badge.tsx'
import { WarnIcon } from '../parts/icons.tsx'
import { FullMoment, Moment } from '../parts/moment.tsx'
import { Panel } from '../parts/screen.tsx'
import { Untrusted } from '../parts/untrusted.tsx'
import { claimInWords, many, registryWord } from '../triage/words.ts'

/** Who holds the name in the public registries, who could, and how that changed. */
export function Claims({ finding }: { readonly finding: FindingDetail }) {
  return (
    <Panel title="Who holds the name" flush>
      {finding.claims.length === 0 ? <p className="quiet panel-body">No registry was asked: {finding.kind === 'package' || finding.kind === 'scope' || finding.kind === 'group' ? 'none is configured for it. Who holds the name is unknown.' : 'registries hold packages, and this is none.'}</p> : (
        <ul className="claims">
          {finding.claims.map((claim) => {
            const { word, more, tone } = claimInWords(claim)
            return (
              <li key={claim.registry} className="claim">
                <div className="row spread">
                  <span className="row"><strong>{registryWord(claim.registry)}</strong><Badge tone={tone}>{word}</Badge>{more === '' ? null : <span className="small">{more}</span>}</span>
                  <span className="quiet small">checked <Moment at={claim.checkedAt} /></span>
                </div>
                <p><Untrusted text={claim.why} limit={400} /></p>
                {claim.failure === null ? null : <p className="doubt small"><WarnIcon /> The last check failed: <Untrusted text={claim.failure} limit={300} /></p>}
                {claim.version === null && claim.publishers.length === 0 ? null : (
                  <p className="quiet small">
                    {claim.version === null ? null : <>version <Untrusted text={claim.version} limit={60} className="mono" /></>}
                    {claim.versionCount === null ? null : <> ({many(claim.versionCount, 'version')})</>}
                    {claim.publishedAt === null ? null : <>, published <FullMoment at={claim.publishedAt} only="day" /></>}
                    {claim.publishers.length === 0 ? null : <>, by {claim.publishers.map((publisher, index) => <span key={publisher}>{index === 0 ? '' : ', '}<Untrusted text={publisher} limit={60} /></span>)}</>}
                  </p>
                )}
                {claim.installTimeCode === null ? null : <p className="doubt small"><WarnIcon /> Runs code when it is installed: <Untrusted text={claim.installTimeCode} limit={200} className="mono" /></p>}
                {claim.signals.length === 0 ? null : <ul className="reasons small">{claim.signals.map(({ signal, reason }) => <li key={signal}><Untrusted text={reason} limit={300} /></li>)}</ul>}
                {claim.history.length < 2 ? null : (
                  <details className="small">
                    <summary>History: {many(claim.history.length, 'change')}</summary>
                    <ol className="history">
                      {claim.history.map(({ at, state, claimable, why }) => <li key={at}><FullMoment at={at} /> <Badge tone={claimInWords({ state, claimable }).tone}>{claimInWords({ state, claimable }).word}</Badge> <span className="quiet"><Untrusted text={why} limit={300} /></span></li>)}
                    </ol>
                  </details>
                )}
              </li>
            )
          })}
        </ul>
      )}
    </Panel>
  )
}
