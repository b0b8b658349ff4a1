import { Menu as Base } from '@base-ui/react/menu'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import type { Answer } from '../../api/contract.ts'
import { call, CallFailed } from '../api/call.ts'
import { queryClient, useCall } from '../api/use-call.ts'
import { Button } from '../parts/button.tsx'
import { CheckIcon, CrossIcon, DownIcon, FilterIcon, SearchIcon } from '../parts/icons.tsx'
import { Menu } from '../parts/menu.tsx'
import { tell } from '../parts/toast.tsx'
import { plain, Untrusted } from '../parts/untrusted.tsx'
import '../parts/field.css'
import '../parts/tabs.css'
import { claimStateWord, ecosystemWord, roleWord, sourceWord } from '../triage/words.ts'
import { facets, orders, tabOf, tabs, type FacetKey, type Filter, type Key } from './filter.ts'

const SaveView = lazy(() => import('./save-view.tsx').then((file) => ({ default: file.SaveView })))
type Counts = Answer<'GET /api/findings/counts'>

const words: Readonly<Partial<Record<Key, (value: string) => string>>> = {
  severity: (value) => `${value[0]?.toUpperCase() ?? ''}${value.slice(1)}`, claim: claimStateWord, ecosystem: ecosystemWord, role: roleWord, source: sourceWord,
  team: (value) => (value === 'none' ? 'Without a team' : value), assignee: (value) => (value === 'me' ? 'Me' : value === 'nobody' ? 'Nobody' : value),
}
function wordOf(key: Key, value: string, label?: string): string {
  return key === 'team' || key === 'assignee' ? (label !== undefined && label !== value ? label : (words[key]?.(value) ?? value)) : (words[key]?.(value) ?? label ?? value)
}

/** Which of the states: the first choice of everybody. */
export function Tabs({ filter }: { readonly filter: Filter }) {
  const current = tabOf(filter)
  return (
    <nav className="tabs" aria-label="States">
      {tabs.map(({ key, title, query }) => (
        <button key={key} type="button" className="tab" aria-current={key === current ? 'page' : undefined} onClick={() => {
          const next = new URLSearchParams(filter.params)
          next.delete('state')
          if (key === 'mine' || current === 'mine') next.delete('assignee')
          for (const [name, values] of Object.entries(query)) for (const value of values) next.append(name, value)
          filter.replace(next.toString())
        }}>{title}</button>
      ))}
    </nav>
  )
}

/** Free text; applied when somebody stops typing. `/` comes here, Escape leaves. */
export function SearchBox({ filter, field }: { readonly filter: Filter; readonly field: React.RefObject<HTMLInputElement | null> }) {
  const applied = filter.values('q')[0] ?? ''
  const [text, setText] = useState(applied)
  const written = useRef(applied)
  useEffect(() => {
    // The address changed by itself: a saved view, back, "clear".
    if (applied !== written.current) {
      written.current = applied
      setText(applied)
    }
  }, [applied])
  const { set } = filter
  useEffect(() => {
    if (text.trim() === written.current) return undefined
    const timer = setTimeout(() => {
      written.current = text.trim()
      set('q', text.trim() === '' ? [] : [text.trim()])
    }, 250)
    return () => clearTimeout(timer)
  }, [text, set])
  return (
    <label className="search">
      <SearchIcon /><span className="unseen">Search in names, places, snippets, authors, comments</span>
      <input ref={field} className="input" type="search" placeholder="Search names, places, snippets, authors" maxLength={200} spellCheck={false} autoComplete="off" value={text} onChange={(event) => setText(event.target.value)} onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        // A browser would empty a search field: leaving it is no clearing of the search.
        event.preventDefault()
        event.currentTarget.blur()
      }} />
      <kbd aria-hidden="true">/</kbd>
    </label>
  )
}

function Facet({ filter, facet, title, counts }: { readonly filter: Filter; readonly facet: FacetKey; readonly title: string; readonly counts: Counts | undefined }) {
  const chosen = filter.values(facet)
  const known = counts?.by[facet] ?? []
  // What is chosen stays in the list though nothing has it now.
  const choices = [...known, ...chosen.filter((value) => !known.some((one) => one.value === value)).map((value) => ({ value, label: value, count: 0 }))]
  if (facet === 'assignee') for (const value of ['me', 'nobody'].reverse()) if (!choices.some((one) => one.value === value)) choices.unshift({ value, label: value, count: -1 })
  const label = chosen.length === 0 ? title : `${title}: ${chosen.length > 2 ? `${chosen.length} chosen` : chosen.map((value) => plain(wordOf(facet, value, known.find((one) => one.value === value)?.label), 30)).join(', ')}`
  return (
    <Base.Root>
      <Base.Trigger render={<button type="button" className="button facet" data-on={chosen.length > 0 || undefined}><span>{label}</span><DownIcon /></button>} />
      <Base.Portal>
        <Base.Positioner sideOffset={4} align="start" className="popup-place">
          <Base.Popup className="popup">
            {choices.length === 0 ? <div className="menu-label">{counts === undefined ? 'Counting…' : 'Nothing to choose from'}</div> : null}
            {choices.map(({ value, label, count }) => (
              <Base.CheckboxItem key={value} className="menu-item" checked={chosen.includes(value)} onCheckedChange={(on) => filter.set(facet, on ? [...chosen, value] : chosen.filter((one) => one !== value))}>
                <span className="menu-check"><Base.CheckboxItemIndicator><CheckIcon /></Base.CheckboxItemIndicator></span>
                <Untrusted text={wordOf(facet, value, label)} limit={60} />
                {count < 0 ? null : <span className="end quiet">{count.toLocaleString('en')}</span>}
              </Base.CheckboxItem>
            ))}
            {chosen.length === 0 ? null : <><Base.Separator className="menu-line" /><Base.Item className="menu-item" onClick={() => filter.set(facet, [])}>Clear</Base.Item></>}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

/** Filters that other screens lead here with, and that have no list of their own. */
function Further({ filter }: { readonly filter: Filter }) {
  const told = [
    ...filter.values('claimable').map((value) => ({ key: 'claimable' as const, text: `Can be taken: ${plain(value, 20)}` })),
    ...filter.values('proposed').map((value) => ({ key: 'proposed' as const, text: value === 'yes' ? 'Looks resolved' : 'Does not look resolved' })),
  ]
  return told.map(({ key, text }) => <Button key={key} className="facet" data-on onClick={() => filter.set(key, [])} aria-label={`Remove the filter ${text}`}>{text} <CrossIcon /></Button>)
}

export function Filters({ filter, counts, field }: { readonly filter: Filter; readonly counts: Counts | undefined; readonly field: React.RefObject<HTMLInputElement | null> }) {
  const [open, setOpen] = useState(false)
  const on = facets.filter(({ key }) => filter.values(key).length > 0).length
  return (
    <div className="filters">
      <div className="filters-first">
        <SearchBox filter={filter} field={field} />
        <Button className="filters-toggle" aria-expanded={open} onClick={() => setOpen(!open)}><FilterIcon /> Filters{on === 0 ? '' : ` (${on})`}</Button>
      </div>
      <div className="facets" data-open={open || undefined}>
        {facets.map(({ key, title }) => <Facet key={key} filter={filter} facet={key} title={title} counts={counts} />)}
        <Further filter={filter} />
        {filter.narrowed ? <Button look="quiet" onClick={() => filter.replace(new URLSearchParams(filter.values('state').map((value) => ['state', value])).toString())}>Clear filters</Button> : null}
      </div>
    </div>
  )
}

export function OrderMenu({ filter }: { readonly filter: Filter }) {
  const current = orders.find(({ key }) => key === filter.order) ?? orders[0]
  return (
    <Menu align="end" trigger={<button type="button" className="button button-quiet">{current.title}<DownIcon /></button>} groups={[
      orders.map(({ key, title }) => ({ key, label: title, icon: <span className="menu-check">{key === current.key ? <CheckIcon /> : null}</span>, onChoose: () => filter.set('order', key === 'worst' ? [] : [key]) })),
    ]} />
  )
}

/** Saved views: filters with a name, mine and those that are shared. */
export function ViewsMenu({ filter }: { readonly filter: Filter }) {
  const views = useCall('GET /api/views')
  const [saving, setSaving] = useState(false)
  const items = views.data?.items ?? []
  const here = filter.params.toString()
  const current = items.find(({ query }) => query === here)
  const remove = async (id: string): Promise<void> => {
    try {
      await call('DELETE /api/views/{id}', { params: { id } })
      await queryClient.invalidateQueries({ queryKey: ['GET /api/views'] })
      tell({ title: 'View deleted' })
    } catch (error) {
      tell({ title: 'The view was not deleted', detail: error instanceof CallFailed ? error.title : '', failed: true })
    }
  }
  return (
    <>
      <Menu align="end" trigger={<button type="button" className="button">{current === undefined ? 'Views' : plain(current.name, 30)}<DownIcon /></button>} label={views.error === null ? (items.length === 0 ? 'No saved views yet' : 'Saved views') : 'The views could not be loaded'} groups={[
        items.map(({ id, name, query, shared, mine }) => ({ key: id, label: <><Untrusted text={name} limit={60} />{shared ? <span className="quiet small"> {mine ? 'shared' : 'of others'}</span> : null}</>, icon: <span className="menu-check">{query === here ? <CheckIcon /> : null}</span>, onChoose: () => filter.replace(query) })),
        [{ key: 'save', label: 'Save this view…', onChoose: () => setSaving(true) }],
        current?.mine === true ? [{ key: 'delete', label: <>Delete “<Untrusted text={current.name} limit={40} />”</>, onChoose: () => void remove(current.id) }] : [],
      ]} />
      {saving ? <Suspense><SaveView query={here} onClose={() => setSaving(false)} /></Suspense> : null}
    </>
  )
}
