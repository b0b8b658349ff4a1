import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'react-router'
import { call } from '../api/call.ts'
import type { Answer } from '../../api/contract.ts'
import { useMay } from '../api/session.ts'
import { tellFailure, wordsOf } from '../api/told.ts'
import { queryClient, useCall, usePages } from '../api/use-call.ts'
import { Answered, Empty } from '../parts/answers.tsx'
import { Badge } from '../parts/badge.tsx'
import { Button } from '../parts/button.tsx'
import { FormDialog } from '../parts/dialog.tsx'
import { Moment } from '../parts/moment.tsx'
import { More } from '../parts/more.tsx'
import { Panel } from '../parts/screen.tsx'
import { Table } from '../parts/table.tsx'
import { tell } from '../parts/toast.tsx'
import { plain, Untrusted } from '../parts/untrusted.tsx'
import { Mutes } from './mutes.tsx'
import { SettingsScreen } from './settings-screen.tsx'

type Destination = Answer<'GET /api/destinations'>['items'][number]
const again = () => {
  void queryClient.invalidateQueries({ queryKey: ['GET /api/destinations'] })
  void queryClient.invalidateQueries({ queryKey: ['GET /api/notices/dead'] })
}

/** Where notices go, whether they arrive, and what was refused for good. */
export function Destinations() {
  const may = useMay('analyst')
  const destinations = useCall('GET /api/destinations', undefined, { enabled: may })
  if (!may) return <SettingsScreen title="Destinations"><Empty title="It takes an analyst">Where alerts go is shown to those who act on them.</Empty></SettingsScreen>
  return (
    <SettingsScreen title="Destinations" about="Where notices go. They are configured under notify in namesake.yaml.">
      <Answered query={destinations} what="destinations" rows={3}>
        {({ items }) => items.length === 0
          ? <Empty title="Nobody is told of a leak">No channel is configured: findings are recorded, and stand only in the inbox. Add one under notify in namesake.yaml.</Empty>
          : <><Mutes items={items} /><ul className="cards">{items.map((destination) => <li key={destination.id}><DestinationCard destination={destination} /></li>)}</ul><Dead items={items} /></>}
      </Answered>
    </SettingsScreen>
  )
}

function DestinationCard({ destination }: { readonly destination: Destination }) {
  const administrator = useMay('administrator')
  const [result, setResult] = useState<Answer<'POST /api/destinations/{id}/test'> | null>(null)
  const test = useMutation({
    mutationFn: () => call('POST /api/destinations/{id}/test', { params: { id: destination.id } }),
    onMutate: () => setResult(null),
    onSuccess: (answer) => {
      setResult(answer)
      again()
    },
    onError: tellFailure('The test could not be sent'),
  })
  return (
    <section className="panel card" aria-labelledby={`destination-${destination.id}`}>
      <header className="row spread">
        <h2 id={`destination-${destination.id}`} className="card-title"><Untrusted text={destination.title} limit={80} /> <code className="quiet small">{destination.id}</code></h2>
        {administrator ? <Button busy={test.isPending} onClick={() => test.mutate()}>Send a test<span className="unseen"> to {plain(destination.title)}</span></Button> : null}
      </header>
      <p>{destination.delivered.toLocaleString('en')} delivered{destination.lastDeliveredAt === null ? '' : <>, the last <Moment at={destination.lastDeliveredAt} /></>}{destination.pending === 0 ? '' : `; ${destination.pending} wait`}{destination.dead === 0 ? '.' : <>; <strong>{destination.dead} refused for good</strong>.</>}</p>
      {destination.trouble === null ? null : <p className="row"><Badge tone="critical">Trouble</Badge> <Untrusted text={destination.trouble} limit={300} /></p>}
      {result === null ? null : <p role="status" className="row"><Badge tone={({ delivered: 'good', refused: 'critical', unclear: 'medium' } as const)[result.outcome]}>{{ delivered: 'It arrived', refused: 'It was refused', unclear: 'Nobody can tell' }[result.outcome]}</Badge> <Untrusted text={result.message} limit={400} /></p>}
    </section>
  )
}

function Dead({ items }: { readonly items: readonly Destination[] }) {
  const administrator = useMay('administrator')
  const dead = usePages('GET /api/notices/dead', { query: {} })
  const [resending, setResending] = useState<Destination | null>(null)
  const broken = items.filter((destination) => destination.dead > 0)
  return (
    <Panel title="Refused for good" flush actions={administrator && broken.length > 0 ? <span className="row">{broken.map((destination) => <Button key={destination.id} onClick={() => setResending(destination)}>Send again to {plain(destination.title, 40)}</Button>)}</span> : undefined}>
      <Answered query={dead} what="refused notices" rows={2}>
        {({ pages }) => {
          const notices = pages.flatMap(({ items }) => items)
          if (notices.length === 0) return <p className="pad quiet">Every notice found its way, or still waits for it.</p>
          return (
            <>
              <Table caption="Notices that were refused for good" rows={notices} rowKey={({ id }) => id} columns={[
                { key: 'about', title: 'About', cell: ({ finding, kind }) => <div className="stack-tight">{finding === null ? <span>several findings</span> : <Link to={`/findings/${finding.id}`}><Untrusted text={finding.identifier} limit={120} /></Link>}<span className="quiet small">{kind}</span></div> },
                { key: 'channel', title: 'To', cell: ({ channel }) => <code>{channel}</code> },
                { key: 'reason', title: 'Why', cell: ({ reason }) => (reason === null ? <span className="quiet">not told</span> : <Untrusted text={reason} limit={300} />) },
                { key: 'attempts', title: 'Attempts', align: 'end', cell: ({ attempts }) => attempts },
                { key: 'since', title: 'Since', cell: ({ createdAt }) => <Moment at={createdAt} /> },
              ]} />
              <More pages={dead} shown={notices.length} noun="notice" />
            </>
          )
        }}
      </Answered>
      {resending === null ? null : <Resend destination={resending} onClose={() => setResending(null)} />}
    </Panel>
  )
}

function Resend({ destination, onClose }: { readonly destination: Destination; readonly onClose: () => void }) {
  const resend = useMutation({
    mutationFn: () => call('POST /api/notices/resend', { body: { channel: destination.id } }),
    onSuccess: ({ count }) => {
      again()
      tell({ title: `${count === 1 ? 'One notice goes' : `${count} notices go`} out again` })
      onClose()
    },
  })
  return (
    <FormDialog title="Send again" open onClose={onClose} onSubmit={() => resend.mutate()} submit="Send again" busy={resend.isPending} failure={wordsOf(resend.error)}>
      <p>Everything that <Untrusted text={destination.title} limit={80} /> refused goes back into the outbox. Send a test first: it tells whether the channel is mended.</p>
    </FormDialog>
  )
}
