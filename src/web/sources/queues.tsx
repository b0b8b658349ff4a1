import { useMay } from '../api/session.ts'
import { useCall } from '../api/use-call.ts'
import { Answered, Empty } from '../parts/answers.tsx'
import { Badge } from '../parts/badge.tsx'
import { Moment } from '../parts/moment.tsx'
import { Panel } from '../parts/screen.tsx'
import { Table } from '../parts/table.tsx'
import { SourcesScreen } from './sources-screen.tsx'
import './sources.css'

/** How work moves through the service, for administrators. */
export function Queues() {
  const may = useMay('administrator')
  const health = useCall('GET /api/queues', undefined, { enabled: may })
  if (!may) return <SourcesScreen><Empty title="It takes an administrator">Queues and processes are for who operates the service.</Empty></SourcesScreen>
  return (
    <SourcesScreen about="What waits, what is being done, and which processes live.">
      <Answered query={health} what="queues">
        {({ kind, queues, processes }) => (
          <div className="stack">
            <Panel title="Processes" flush>
              {processes.length === 0 ? <p className="pad">No process has told that it lives: nothing is searched and nobody is told.</p> : <Table caption="Processes of the service" rows={processes.map((process, index) => ({ ...process, index }))} rowKey={({ index }) => String(index)} columns={[
                { key: 'name', title: 'Process', cell: ({ name }) => name },
                { key: 'alive', title: 'State', cell: ({ alive }) => (alive ? <Badge tone="good">lives</Badge> : <Badge tone="critical">silent</Badge>) },
                { key: 'beat', title: 'Last heard', cell: ({ beatAt }) => <Moment at={beatAt} /> },
                { key: 'since', title: 'Since', cell: ({ startedAt }) => <Moment at={startedAt} /> },
                { key: 'host', title: 'Host', cell: ({ host }) => host },
              ]} />}
            </Panel>
            <Panel title={`Queues on ${kind === 'redis' ? 'Redis' : 'PostgreSQL'}`} flush>
              <Table caption="Queues" rows={queues} rowKey={({ queue }) => queue} columns={[
                { key: 'queue', title: 'Queue', cell: ({ queue }) => <code>{queue}</code> },
                { key: 'waiting', title: 'Waiting', align: 'end', cell: ({ waiting }) => waiting },
                { key: 'active', title: 'Being done', align: 'end', cell: ({ active }) => active },
                { key: 'delayed', title: 'Later', align: 'end', cell: ({ delayed }) => delayed },
                { key: 'failed', title: 'Given up', align: 'end', cell: ({ failed }) => (failed === 0 ? failed : <strong>{failed}</strong>) },
                { key: 'paused', title: 'Paused', cell: ({ pausedUntil }) => (pausedUntil === null ? <span className="quiet">no</span> : <>until <Moment at={pausedUntil} /></>) },
              ]} />
            </Panel>
          </div>
        )}
      </Answered>
    </SourcesScreen>
  )
}
