import { lazy, Suspense, useEffect, useState } from 'react'
import { Link, useNavigate, useParams } from 'react-router'
import type { FindingDetail, TriageBody } from '../../api/contract.ts'
import { call, CallFailed } from '../api/call.ts'
import { useMay } from '../api/session.ts'
import { keyOf, queryClient, useCall } from '../api/use-call.ts'
import { Empty, Failure, Loading, Stale } from '../parts/answers.tsx'
import { Badge, Severity } from '../parts/badge.tsx'
import { Button, IconButton } from '../parts/button.tsx'
import { CheckIcon, DownIcon, LeftIcon, RightIcon } from '../parts/icons.tsx'
import { Menu } from '../parts/menu.tsx'
import { FullMoment, Moment } from '../parts/moment.tsx'
import { Panel, Screen } from '../parts/screen.tsx'
import { plain, Untrusted } from '../parts/untrusted.tsx'
import { lookedAt, neighbours, rememberedPlace } from '../inbox/place.ts'
import { Person } from '../inbox/row.tsx'
import { useShortcuts, type Shortcut } from '../shell/keys.ts'
import type { Asking } from '../triage/dialogs.tsx'
import { applicable, tellInapplicable, undoLast, useTriage } from '../triage/verbs.ts'
import { dismissalWord, ecosystemWord, many, sourceWord, stateTones, stateWords } from '../triage/words.ts'
import { Claims } from './claims.tsx'
import { Fixes } from './fixes.tsx'
import { Places } from './places.tsx'
import { Timeline } from './timeline.tsx'
import './finding.css'

const TriageDialog = lazy(() => import('../triage/dialogs.tsx').then((file) => ({ default: file.TriageDialog })))

/** One finding: why it matters, where it is, who holds the name, what happened, what to do. */
export function Finding() {
  const { id = '' } = useParams()
  const finding = useCall('GET /api/findings/{id}', { params: { id } })
  useEffect(() => lookedAt(id), [id])
  if (finding.data === undefined) {
    const missing = finding.error instanceof CallFailed && (finding.error.status === 404 || finding.error.code === 'invalid')
    return (
      <Screen title="Finding">
        {finding.error === null ? <Panel flush><Loading what="the finding" rows={8} /></Panel> : missing
          ? <Empty title="There is no such finding" actions={<Link to="/findings">Go to the inbox</Link>}>It may be of another database, or the address is mistyped.</Empty>
          : <Panel flush><Failure what="The finding" error={finding.error} onRetry={() => void finding.refetch()} /></Panel>}
      </Screen>
    )
  }
  return <>
    {finding.error === null ? null : <Stale error={finding.error} onRetry={() => void finding.refetch()} />}
    <Told key={finding.data.id} finding={finding.data} />
  </>
}

function Told({ finding }: { readonly finding: FindingDetail }) {
  const [asking, setAsking] = useState<Asking | null>(null)
  const may = useMay('analyst')
  const triage = useTriage()
  const navigate = useNavigate()
  const near = neighbours(finding.id)
  const back = rememberedPlace()?.address ?? '/findings'
  const next = near?.next ?? null
  useEffect(() => {
    // "Next" is what most do next.
    if (next !== null) void queryClient.prefetchQuery({ queryKey: keyOf('GET /api/findings/{id}', { params: { id: next } }), queryFn: () => call('GET /api/findings/{id}', { params: { id: next } }) })
  }, [next])
  const act = async (action: TriageBody): Promise<void> => {
    if (applicable([finding], action.verb).length === 0) {
      tellInapplicable([finding])
      return
    }
    try {
      await triage([finding], action)
    } catch {
      // Told already.
    }
  }
  const ask = (dialog: 'dismiss' | 'assign' | 'resolve' | 'comment' | 'mark-public'): void => (applicable([finding], dialog).length === 0 ? tellInapplicable([finding]) : setAsking({ dialog, rows: [finding] }))
  const go = (to: string | null | undefined): void => {
    if (to !== null && to !== undefined) void navigate(`/findings/${to}`, { replace: true })
  }
  const leave = (): void => void navigate(back, { state: 'back' })
  const verbs: readonly Shortcut[] = may ? [
    { keys: 'a', does: 'Acknowledge', act: () => void act({ verb: 'acknowledge' }) },
    { keys: 'd', does: 'Dismiss…', act: () => ask('dismiss') },
    { keys: 'r', does: 'Resolve…', act: () => ask('resolve') },
    { keys: 'o', does: 'Reopen', act: () => void act({ verb: 'reopen' }) },
    { keys: 'm', does: 'Assign to me', act: () => void act({ verb: 'assign', assignee: 'me' }) },
    { keys: 's', does: 'Assign to somebody…', act: () => ask('assign') },
    { keys: 'c', does: 'Comment…', act: () => ask('comment') },
    { keys: 'p', does: 'Mark public on purpose…', act: () => ask('mark-public') },
    { keys: 'n', does: 'Recheck now', act: () => void act({ verb: 'recheck' }) },
    { keys: 'u', does: 'Take the last one back', act: undoLast },
  ] : []
  useShortcuts('Finding', [
    { keys: 'j', does: 'Next finding of the list', act: () => go(near?.next) },
    { keys: 'k', does: 'Previous finding of the list', act: () => go(near?.previous) },
    { keys: 'Escape', does: 'Back to the list', act: leave },
    ...verbs,
  ])
  const settled = finding.state === 'resolved' || finding.state === 'dismissed'
  const suppressed = may && finding.places > finding.livePlaces
  return (
    <Screen
      title={plain(finding.identifier, 80)}
      heading={<Untrusted text={finding.identifier} limit={200} className="mono" />}
      above={
        <div className="finding-way no-print">
          <Link to={back} state="back" className="button button-quiet"><LeftIcon /> Inbox</Link>
          {near === null ? null : (
            <div className="row">
              <span className="quiet small">{near.position} of {near.of.toLocaleString('en')}</span>
              <IconButton label="Previous finding (k)" disabled={near.previous === null} onClick={() => go(near.previous)}><LeftIcon /></IconButton>
              <IconButton label="Next finding (j)" disabled={near.next === null} onClick={() => go(near.next)}><RightIcon /></IconButton>
            </div>
          )}
        </div>
      }
      about={
        <span className="row">
          <Severity value={finding.severity} />
          <Badge tone={stateTones[finding.state]}>{stateWords[finding.state]}{finding.dismissedReason === null ? '' : `: ${plain(dismissalWord(finding.dismissedReason), 60)}`}</Badge>
          <Badge>{finding.ecosystem === null ? finding.kind : `${ecosystemWord(finding.ecosystem)} ${finding.kind}`}</Badge>
          {finding.drill ? <Badge tone="medium">Drill: no real leak</Badge> : null}
          <span>seen <Moment at={finding.firstSeenAt} /></span>
        </span>
      }
      actions={may ? <>
        {finding.state === 'open' ? <Button look="primary" onClick={() => void act({ verb: 'acknowledge' })}><CheckIcon /> Acknowledge</Button> : null}
        {settled ? <Button look="primary" onClick={() => void act({ verb: 'reopen' })}>Reopen</Button> : <>
          <Button look={finding.state === 'acknowledged' ? 'primary' : 'plain'} onClick={() => ask('resolve')}>Resolve…</Button>
          <Button onClick={() => ask('dismiss')}>Dismiss…</Button>
        </>}
        <Button onClick={() => ask('assign')}>Assign…</Button>
        <Menu align="end" trigger={<Button>More<DownIcon /></Button>} groups={[
          [
            { key: 'comment', label: 'Comment…', shortcut: 'c', onChoose: () => ask('comment') },
            { key: 'recheck', label: 'Recheck now', shortcut: 'n', onChoose: () => void act({ verb: 'recheck' }) },
          ],
          [
            { key: 'public', label: 'Mark public on purpose…', shortcut: 'p', disabled: settled, onChoose: () => ask('mark-public') },
            { key: 'reopen', label: 'Reopen', shortcut: 'o', disabled: finding.state === 'open', onChoose: () => void act({ verb: 'reopen' }) },
            ...(suppressed ? [{ key: 'unsuppress', label: 'Take all suppressions back', onChoose: () => void act({ verb: 'unsuppress' }) }] : []),
          ],
        ]} />
      </> : undefined}
    >
      <p className="finding-matters"><Untrusted text={finding.why} limit={1_000} /></p>
      {finding.proposed === null ? null : (
        <div className="finding-proposal">
          <CheckIcon />
          <span><strong>Looks resolved:</strong> <Untrusted text={finding.proposed.reason} />, <Moment at={finding.proposed.at} />.</span>
          {may && !settled ? <Button onClick={() => ask('resolve')}>Resolve…</Button> : null}
        </div>
      )}
      <div className="finding-columns">
        <div className="stack">
          <Places finding={finding} onSuppress={may ? (occurrence) => setAsking({ dialog: 'suppress', row: finding, occurrence }) : null} />
          <Claims finding={finding} />
          <Fixes fixes={finding.fixes} />
          <Timeline finding={finding} onComment={may ? (comment) => triage([finding], { verb: 'comment', comment }) : null} />
        </div>
        <Facts finding={finding} onAssign={may ? () => ask('assign') : null} />
      </div>
      {asking === null ? null : <Suspense><TriageDialog asking={asking} onClose={() => setAsking(null)} /></Suspense>}
    </Screen>
  )
}

function Facts({ finding, onAssign }: { readonly finding: FindingDetail; readonly onAssign: (() => void) | null }) {
  return (
    <aside className="stack" aria-label="About this finding">
      <Panel title={`Why ${finding.severity}`}>
        <ul className="reasons">{finding.reasons.map((reason) => <li key={reason}><Untrusted text={reason} limit={400} /></li>)}</ul>
      </Panel>
      <Panel title="About">
        <dl className="facts">
          <div><dt>With</dt><dd>{finding.assignee === null ? <span className="quiet">Nobody</span> : <Person name={finding.assignee.name} full />}{onAssign === null ? null : <button type="button" className="more-text" onClick={onAssign}>change</button>}</dd></div>
          <div><dt>Team</dt><dd>{finding.team === null ? <span className="quiet">None</span> : <Untrusted text={finding.team} limit={100} />}</dd></div>
          <div><dt>Public since</dt><dd>{finding.publicSinceIsLowerBound ? 'at least ' : ''}<FullMoment at={finding.publicSince} /></dd></div>
          <div><dt>First seen</dt><dd><FullMoment at={finding.firstSeenAt} /></dd></div>
          {finding.acknowledgedAt === null ? null : <div><dt>Acknowledged</dt><dd><FullMoment at={finding.acknowledgedAt} /></dd></div>}
          {finding.resolvedAt === null ? null : <div><dt>Resolved</dt><dd><FullMoment at={finding.resolvedAt} /></dd></div>}
          {finding.dismissedUntil === null ? null : <div><dt>Comes back</dt><dd><FullMoment at={finding.dismissedUntil} only="day" /></dd></div>}
          <div><dt>Places</dt><dd>{many(finding.places, 'place')} in {many(finding.groups, 'group')}, {finding.livePlaces.toLocaleString('en')} still public</dd></div>
          <div><dt>Covered by</dt><dd><Untrusted text={finding.coveredBy} limit={160} className="mono" /></dd></div>
          <div><dt>Disclosed</dt><dd>{disclosureWords[finding.disclose] ?? finding.disclose}</dd></div>
        </dl>
      </Panel>
      <Panel title="Looked for">
        {finding.coverage.length === 0 ? <p className="quiet">No source has looked for it yet: further places are unknown, not absent.</p> : (
          <ul className="looked">
            {finding.coverage.map(({ source, completeAt, note }) => (
              <li key={source}>
                <div className="row spread"><strong>{sourceWord(source)}</strong>{completeAt === null ? <Badge tone="medium">Not proven</Badge> : <Badge tone="good">Proven</Badge>}</div>
                <p className="quiet small">{completeAt === null ? null : <>complete <Moment at={completeAt} /></>}{completeAt === null || note === '' ? null : '; '}<Untrusted text={note} limit={300} /></p>
              </li>
            ))}
          </ul>
        )}
      </Panel>
    </aside>
  )
}

const disclosureWords: Readonly<Record<string, string>> = {
  name: 'Sources may be asked for the full name', stem: 'Sources are asked for its stem only', never: 'No request contains it',
}
