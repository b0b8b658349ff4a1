import { Link } from 'react-router'
import { useCall } from '../api/use-call.ts'
import { Empty } from '../parts/answers.tsx'
import { Button } from '../parts/button.tsx'
import { FilterIcon, SearchIcon, ShieldIcon, WarnIcon } from '../parts/icons.tsx'
import { many } from '../triage/words.ts'
import { tabOf, type Filter } from './filter.ts'

/** Why the list is empty, and how much that is worth: a zero that is proven is told apart from one that is unknown. */
export function Nothing({ filter }: { readonly filter: Filter }) {
  const everything = useCall('GET /api/findings/counts', { query: {} })
  const summary = useCall('GET /api/inventory/summary')
  const tab = tabOf(filter)
  if (filter.narrowed || (tab !== 'open' && tab !== 'all')) {
    const clear = filter.narrowed
    return (
      <Empty icon={<FilterIcon />} title={clear ? 'No finding matches these filters' : tab === 'mine' ? 'Nothing is assigned to you' : 'No finding is in this state'} actions={<Button onClick={() => filter.replace(clear ? new URLSearchParams(filter.values('state').map((value) => ['state', value])).toString() : '')}>{clear ? 'Clear filters' : 'Show what is open'}</Button>}>
        {everything.data === undefined ? null : <p>There {everything.data.total === 1 ? 'is' : 'are'} {many(everything.data.total, 'finding')} in all.</p>}
      </Empty>
    )
  }
  const coverage = summary.data?.coverage
  const proven = coverage?.proven ?? 0
  const partly = coverage?.partly ?? 0
  const never = coverage?.never ?? 0
  const names = proven + partly + never
  if (coverage !== undefined && names === 0) {
    return <Empty icon={<SearchIcon />} title="There are no names to look for yet" actions={<Link className="button button-primary" to="/inventory">Fill the inventory</Link>}>namesake looks for what the inventory holds. Nothing was searched, so this says nothing about leaks.</Empty>
  }
  if (coverage !== undefined && proven + partly === 0) {
    return <Empty icon={<WarnIcon />} title="Nothing has been looked at yet" actions={<Link className="button button-primary" to="/sources">See the sources</Link>}>No sweep has come to an end for any of {many(names, 'line')} of the inventory. An empty inbox means nothing until then.</Empty>
  }
  return (
    <Empty icon={coverage !== undefined && never + partly === 0 ? <ShieldIcon /> : <WarnIcon />} title={(everything.data?.total ?? 0) > 0 ? 'Nothing open: everything has been looked at' : 'No name of yours is known to be public'} actions={<Link to="/sources">What was searched, and what was not</Link>}>
      {coverage === undefined
        ? <p>{summary.error === null ? 'Asking how much of that is proven…' : 'How much of that is proven could not be told: the coverage did not load.'}</p>
        : <p><strong>{proven.toLocaleString('en')} of {names.toLocaleString('en')}</strong> lines of the inventory are proven by complete sweeps{partly === 0 ? '' : `, ${partly.toLocaleString('en')} only in part`}{never === 0 ? '.' : <>; <strong>{never.toLocaleString('en')} {never === 1 ? 'was' : 'were'} not looked at</strong>.</>}</p>}
    </Empty>
  )
}
