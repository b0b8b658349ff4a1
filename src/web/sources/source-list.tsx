import { Link } from 'react-router'
import type { SourceRow } from '../../api/contract.ts'
import { useMay } from '../api/session.ts'
import { useCall } from '../api/use-call.ts'
import { Answered, Empty } from '../parts/answers.tsx'
import { Badge } from '../parts/badge.tsx'
import { Button } from '../parts/button.tsx'
import { AgainIcon, SourcesIcon } from '../parts/icons.tsx'
import { Moment } from '../parts/moment.tsx'
import { plain, Untrusted } from '../parts/untrusted.tsx'
import { Budget, Outcomes, Schedule, Troubles } from './source-facts.tsx'
import { SourcesScreen } from './sources-screen.tsx'
import { useRunSource } from './use-run.ts'
import { countsInWords, OutcomeBadge } from './words.tsx'
import './sources.css'

/** Every configured source in short: last run, next run, budget, trouble, gaps. */
export function SourceList() {
  const sources = useCall('GET /api/sources')
  return (
    <SourcesScreen about="Public places that are searched. A zero is only a proof where the last sweep was complete.">
      <Answered query={sources} what="sources">
        {({ items, unconfigured }) => items.length === 0
          ? <Empty icon={<SourcesIcon />} title="No source is configured">Nothing is looked at. Sources are rows under sources in namesake.yaml; namesake plan shows what would be sent to whom.</Empty>
          : (
            <>
              <ul className="cards">{items.map((source) => <li key={source.id}><SourceCard source={source} /></li>)}</ul>
              {unconfigured.length === 0 ? null : (
                <details className="unconfigured">
                  <summary>{unconfigured.length} more sources are not configured</summary>
                  <p>{unconfigured.map(({ title }) => title).join(', ')}. A row under sources in namesake.yaml turns one on.</p>
                </details>
              )}
            </>
          )}
      </Answered>
    </SourcesScreen>
  )
}

function SourceCard({ source }: { readonly source: SourceRow }) {
  const may = useMay('analyst')
  const run = useRunSource()
  const { coverage } = source
  return (
    <section className="panel source" aria-labelledby={`source-${source.id}`}>
      <header className="row spread">
        <div className="stack-tight">
          <h2 id={`source-${source.id}`}><Link to={`/sources/${source.id}`}>{source.title}</Link></h2>
          <p className="quiet small">asks <Untrusted text={source.destination} limit={80} />, <Schedule source={source} /></p>
        </div>
        {may ? <Button busy={run.isPending} onClick={() => run.mutate(source.id)}><AgainIcon /> Run now<span className="unseen">: {plain(source.title)}</span></Button> : null}
      </header>
      <div className="source-facts">
        <div>
          <h3 className="quiet small">Last run</h3>
          {source.last === null ? <p>none has ended yet</p> : <p className="row"><OutcomeBadge outcome={source.last.outcome} /> <Moment at={source.last.finishedAt} /></p>}
          {source.going > 0 ? <p className="small">{source.going} going on, {source.pending.searches} searches and {source.pending.fetches} fetches wait</p> : null}
          {source.pausedUntil === null ? null : <p className="small"><Badge tone="high">Paused</Badge> the other side asked us to wait until <Moment at={source.pausedUntil} /></p>}
        </div>
        <div>
          <h3 className="quiet small">{source.watches.toLocaleString('en')} {source.watches === 1 ? 'query' : 'queries'}, by last outcome</h3>
          <Outcomes source={source} />
          <p className="small">{countsInWords(source.byOutcome)}</p>
        </div>
        <div>
          <h3 className="quiet small">Search requests until the next sweep</h3>
          <Budget source={source} />
        </div>
        <div>
          <h3 className="quiet small">Names covered</h3>
          <p>{coverage.proven.toLocaleString('en')} proven{coverage.partly === 0 ? '' : `, ${coverage.partly.toLocaleString('en')} partly`}{coverage.never === 0 ? '' : `, ${coverage.never.toLocaleString('en')} not looked at`}</p>
          {source.planned.upToDate ? null : <p className="small"><Badge tone="accent">Being planned</Badge> the inventory changed; within the minute</p>}
        </div>
      </div>
      {source.troubles.length === 0 ? null : <Troubles source={source} />}
    </section>
  )
}
