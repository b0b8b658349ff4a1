import { useMutation } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import type { TokenRow } from '../../api/contract.ts'
import { call } from '../api/call.ts'
import { useMay } from '../api/session.ts'
import { tellFailure } from '../api/told.ts'
import { queryClient, useCall } from '../api/use-call.ts'
import { Answered, Empty } from '../parts/answers.tsx'
import { Badge } from '../parts/badge.tsx'
import { Button } from '../parts/button.tsx'
import { Filter } from '../parts/filter.tsx'
import { PlusIcon } from '../parts/icons.tsx'
import { Moment, useNow } from '../parts/moment.tsx'
import { Table, type Column } from '../parts/table.tsx'
import { tell } from '../parts/toast.tsx'
import { plain, Untrusted } from '../parts/untrusted.tsx'
import { SettingsScreen } from './settings-screen.tsx'

const MakeToken = lazy(() => import('./make-token.tsx').then((file) => ({ default: file.MakeToken })))

/** Personal tokens for scripts. */
export function Tokens() {
  const administrator = useMay('administrator')
  const [of, setOf] = useState<'me' | 'everybody'>('me')
  const [making, setMaking] = useState(false)
  const tokens = useCall('GET /api/tokens', { query: { of } }, { keepPrevious: true })
  const now = useNow()
  const revoke = useMutation({
    mutationFn: (id: string) => call('DELETE /api/tokens/{id}', { params: { id } }),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: ['GET /api/tokens'] })
      tell({ title: 'The token was revoked', detail: 'It is refused from now on.' })
    },
    onError: tellFailure('The token was not revoked'),
  })
  const stateOf = ({ revokedAt, expiresAt }: TokenRow): 'valid' | 'revoked' | 'expired' => (revokedAt !== null ? 'revoked' : Date.parse(expiresAt) < now ? 'expired' : 'valid')
  const columns: readonly Column<TokenRow>[] = [
    { key: 'name', title: 'Token', cell: (token) => <div className="stack-tight"><strong><Untrusted text={token.name} limit={80} /></strong><span className="quiet small">ends in <code>{token.ending}</code></span></div> },
    ...(of === 'everybody' ? [{ key: 'owner', title: 'Of', cell: (token: TokenRow) => <Untrusted text={token.owner.name} limit={80} /> }] : []),
    { key: 'scopes', title: 'May', cell: (token) => token.scopes.join(', ') },
    { key: 'state', title: 'State', cell: (token) => <Badge tone={stateOf(token) === 'valid' ? 'good' : 'neutral'}>{stateOf(token)}</Badge> },
    { key: 'until', title: 'Until', cell: (token) => <Moment at={token.expiresAt} /> },
    { key: 'used', title: 'Last used', cell: (token) => (token.lastUsedAt === null ? <span className="quiet">never</span> : <Moment at={token.lastUsedAt} />) },
    { key: 'revoke', title: <span className="unseen">Revoke</span>, cell: (token) => (stateOf(token) === 'valid' ? <Button look="quiet" busy={revoke.isPending && revoke.variables === token.id} onClick={() => revoke.mutate(token.id)}>Revoke<span className="unseen"> {plain(token.name, 60)}</span></Button> : null) },
  ]
  return (
    <SettingsScreen title="Tokens" about="For scripts that use the API: a token may do at most what its owner may. Each is shown once." actions={<Button look="primary" onClick={() => setMaking(true)}><PlusIcon /> Make a token</Button>}>
      {administrator ? <div className="filters"><Filter label="Show" value={of === 'me' ? '' : of} onChange={(value) => setOf(value === 'everybody' ? 'everybody' : 'me')} options={[['', 'mine'], ['everybody', 'of everybody']]} /></div> : null}
      <Answered query={tokens} what="tokens" rows={3}>
        {({ items }) => items.length === 0 ? <Empty title="No tokens">A script sends one as a bearer: Authorization: Bearer nsk_…</Empty>
          : <div className="panel table-panel"><Table caption="API tokens" columns={columns} rows={items} rowKey={({ id }) => id} /></div>}
      </Answered>
      {making ? <Suspense><MakeToken onClose={() => setMaking(false)} /></Suspense> : null}
    </SettingsScreen>
  )
}
