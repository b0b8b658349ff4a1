import { useMutation } from '@tanstack/react-query'
import { useRef, useState, type ChangeEvent, type DragEvent } from 'react'
import { Link, useNavigate } from 'react-router'
import type { ImportDiff } from '../../api/contract.ts'
import { call, CallFailed } from '../api/call.ts'
import { useMay } from '../api/session.ts'
import { queryClient } from '../api/use-call.ts'
import { Empty } from '../parts/answers.tsx'
import { Badge } from '../parts/badge.tsx'
import { Button } from '../parts/button.tsx'
import { CheckField, SelectField, TextAreaField } from '../parts/field.tsx'
import { count } from '../parts/more.tsx'
import { Panel } from '../parts/screen.tsx'
import { Table, type Column } from '../parts/table.tsx'
import { tell } from '../parts/toast.tsx'
import { Untrusted } from '../parts/untrusted.tsx'
import { wordsOf } from '../api/told.ts'
import { InventoryScreen } from './inventory-screen.tsx'
import { discloseWords } from './words.tsx'

/** Files above are for `inventoryFiles` of the configuration. */
const mostCharacters = 4_000_000
/** Rows of a part of the diff that are shown before somebody asks for more. */
const shownAtFirst = 50

/** A list is handed in, compared with what is there, looked at, and then imported as it was looked at. */
export function Import() {
  const may = useMay('analyst')
  const [file, setFile] = useState('pasted.csv')
  const [text, setText] = useState('')
  const [retireMissing, setRetireMissing] = useState(false)
  const [loosen, setLoosen] = useState(false)
  const [unreadable, setUnreadable] = useState<string | null>(null)
  const [over, setOver] = useState(false)
  const chooser = useRef<HTMLInputElement>(null)
  const navigate = useNavigate()
  const compare = useMutation({ mutationFn: () => call('POST /api/inventory/compare', { body: { file, text, retireMissing } }) })
  const carryOut = useMutation({
    mutationFn: (digest: string) => call('POST /api/inventory/import', { body: { file, text, retireMissing, digest, loosen } }),
    onSuccess: (diff) => {
      void queryClient.invalidateQueries()
      tell({ title: 'The list was imported', detail: `${diff.added.length} added, ${diff.changed.length} changed, ${diff.retired.length} retired. What is searched for follows within the minute.` })
      void navigate('/inventory')
    },
  })
  // What was compared is not what stands there any more.
  const changed = (act: () => void): void => {
    act()
    compare.reset()
    carryOut.reset()
  }
  const take = async (given: File | undefined): Promise<void> => {
    if (given === undefined) return
    if (!/\.(csv|txt|ya?ml)$/i.test(given.name)) return setUnreadable('A file that ends in .csv, .txt or .yaml is expected.')
    if (given.size > mostCharacters) return setUnreadable('The file has more than 4 MB: put it beside namesake.yaml and name it under inventoryFiles.')
    try {
      const content = new TextDecoder('utf-8', { fatal: true }).decode(await given.arrayBuffer())
      setUnreadable(null)
      changed(() => {
        setFile(given.name.slice(-200))
        setText(content)
      })
    } catch {
      setUnreadable('The file is not UTF-8 text: save it as UTF-8.')
    }
  }
  const drop = (event: DragEvent): void => {
    event.preventDefault()
    setOver(false)
    void take(event.dataTransfer.files[0])
  }
  if (!may) return <InventoryScreen title="Import a list"><Empty title="It takes an analyst">Your role may look at the inventory, and not change it.</Empty></InventoryScreen>
  const format = file.slice(file.lastIndexOf('.')).toLowerCase()
  const result = compare.data
  return (
    <InventoryScreen title="Import a list" about="Lines of the list are kept on this page. Nothing is changed before you have seen what would be.">
      <Panel title="The list">
        <div className="stack" onDragOver={(event) => { event.preventDefault(); setOver(true) }} onDragLeave={() => setOver(false)} onDrop={drop} data-over={over}>
          <div className="row">
            <Button onClick={() => chooser.current?.click()}>Choose a file</Button>
            <span className="quiet small">or drop it here, or paste: a .csv with a header, a .txt with one name a line, or a .yaml list.</span>
            <input ref={chooser} type="file" accept=".csv,.txt,.yaml,.yml" className="unseen" tabIndex={-1} aria-label="File with names" onChange={(event: ChangeEvent<HTMLInputElement>) => { void take(event.target.files?.[0]); event.target.value = '' }} />
          </div>
          {unreadable === null ? null : <p className="field-fault" role="alert">{unreadable}</p>}
          <SelectField label="Read as" value={format === '.yml' ? '.yaml' : format} onChange={(event) => changed(() => setFile(`pasted${event.target.value}`))}>
            <option value=".csv">CSV: a header, then a line a name</option>
            <option value=".txt">Text: one name a line</option>
            <option value=".yaml">YAML: as under inventory in namesake.yaml</option>
          </SelectField>
          <TextAreaField label="Names" hint={file.startsWith('pasted') ? examples[format] : <>from <Untrusted text={file} limit={80} /></>} value={text} rows={8} spellCheck={false} className="input mono" onChange={(event) => changed(() => setText(event.target.value))} />
          <CheckField label="Retire what the list lacks" hint="Only lines that are kept on this page: the list is all of them." checked={retireMissing} onChange={(event) => changed(() => setRetireMissing(event.target.checked))} />
          <div><Button look={result?.diff === null || result === undefined ? 'primary' : 'plain'} busy={compare.isPending} disabled={text.trim() === ''} onClick={() => compare.mutate()}>Compare with the inventory</Button></div>
          {compare.error === null ? null : <p className="form-failure" role="alert">{wordsOf(compare.error)}</p>}
        </div>
      </Panel>
      {result === undefined ? null : result.diff === null ? <Faults faults={result.faults} /> : (
        <Diff diff={result.diff} loosen={loosen} setLoosen={setLoosen} busy={carryOut.isPending} failure={wordsOf(carryOut.error)}
          conflict={carryOut.error instanceof CallFailed && carryOut.error.code === 'conflict'} onAgain={() => { carryOut.reset(); compare.mutate() }} onImport={(digest) => carryOut.mutate(digest)} />
      )}
    </InventoryScreen>
  )
}

const examples: Readonly<Record<string, string>> = {
  '.csv': 'name,ecosystem,team,disclose',
  '.txt': '@acme-corp/auth-client',
  '.yaml': '- { name: acme-corp-auth, ecosystem: npm, team: identity }',
}

function Faults({ faults }: { readonly faults: readonly { readonly where: string; readonly key: string; readonly expected: string }[] }) {
  return (
    <Panel title={`${count(faults.length, 'fault')}: nothing can be imported yet`} flush>
      <Table caption="Faults of the list" rows={faults.map((fault, index) => ({ ...fault, index }))} rowKey={({ index }) => String(index)} columns={[
        { key: 'where', title: 'Where', cell: ({ where, key }) => <Untrusted text={key === '' ? where : `${where}: ${key}`} limit={120} /> },
        { key: 'expected', title: 'What is wrong', cell: ({ expected }) => <Untrusted text={expected} /> },
      ]} />
    </Panel>
  )
}

type Given = ImportDiff['added'][number]
const named = (title: string): Column<Pick<Given, 'name' | 'kind' | 'ecosystem' | 'where'>> => ({
  key: 'name', title, cell: ({ name, kind, ecosystem, where }) => <div className="stack-tight"><Untrusted text={name} limit={160} /><span className="quiet small">{[kind, ecosystem, where].filter((part) => part !== null).join(' · ')}</span></div>,
})
const settingsOf = ({ team, disclose, publicOnPurpose, near }: Pick<Given, 'team' | 'disclose' | 'publicOnPurpose' | 'near'>): readonly (readonly [string, string])[] => [
  ['team', team ?? 'none'], ['disclosed', discloseWords(disclose)], ['public on purpose', publicOnPurpose ? 'yes' : 'no'], ['near', near.join(', ')],
]

function Diff({ diff, loosen, setLoosen, busy, failure, conflict, onAgain, onImport }: {
  readonly diff: ImportDiff; readonly loosen: boolean; readonly setLoosen: (value: boolean) => void; readonly busy: boolean
  readonly failure: string | null; readonly conflict: boolean; readonly onAgain: () => void; readonly onImport: (digest: string) => void
}) {
  const loosened = [...diff.added, ...diff.changed].filter(({ loosens }) => loosens).length
  const nothing = diff.added.length + diff.changed.length + diff.retired.length === 0
  return (
    <section className="stack" aria-label="What would be done">
      <div className="row" role="status">
        <Badge tone="good">{count(diff.added.length, 'name')} added</Badge><Badge tone="medium">{diff.changed.length} changed</Badge>
        <Badge tone={diff.retired.length > 0 ? 'high' : 'neutral'}>{diff.retired.length} retired</Badge><Badge>{diff.unchanged} unchanged</Badge>
        {diff.refused.length === 0 ? null : <Badge tone="high">{diff.refused.length} left as they are</Badge>}
      </div>
      {diff.warnings.length === 0 ? null : <div className="note stack-small"><strong>To think about</strong><ul>{diff.warnings.slice(0, 20).map((warning) => <li key={warning}><Untrusted text={warning} /></li>)}</ul>{diff.warnings.length > 20 ? <p>and {diff.warnings.length - 20} more</p> : null}</div>}
      <Part title="Added" rows={diff.added} rowKey={({ where, name }) => `${where} ${name}`} columns={[named('Name'), { key: 'settings', title: 'Settings', cell: (row) => <>{settingsOf(row).filter(([title, value]) => value !== '' && value !== 'none' && !(title === 'public on purpose' && value === 'no')).map(([title, value]) => `${title}: ${value}`).join(', ')}{row.loosens ? <> <Badge tone="high">a pattern is stricter</Badge></> : null}</> }]} />
      <Part title="Changed" rows={diff.changed} rowKey={({ id }) => id} columns={[named('Name'), { key: 'settings', title: 'Before and after', cell: (row) => <Changes before={settingsOf(row.before)} after={settingsOf(row)} loosens={row.loosens} /> }]} />
      <Part title="Retired" rows={diff.retired} rowKey={({ id }) => id} columns={[{ key: 'name', title: 'Name', cell: ({ id, name }) => <Link to={`/inventory/${id}`}><Untrusted text={name} limit={160} /></Link> }]} />
      <Part title="Left as they are" rows={diff.refused} rowKey={({ where, name }) => `${where} ${name}`} columns={[named('Name'), { key: 'why', title: 'Why', cell: ({ why }) => <Untrusted text={why} /> }]} />
      {loosened === 0 ? null : (
        <div className="warning stack-small">
          <p><strong>{loosened === 1 ? 'One name' : `${loosened} names`} could be learnt by more than before.</strong> What is sent to a source cannot be taken back.</p>
          <CheckField label="Yes, that is meant" checked={loosen} onChange={(event) => setLoosen(event.target.checked)} />
        </div>
      )}
      {failure === null ? null : <div className="form-failure row" role="alert"><span>{failure}</span>{conflict ? <Button onClick={onAgain}>Compare again</Button> : null}</div>}
      <div className="row">
        <Button look="primary" busy={busy} disabled={nothing || (loosened > 0 && !loosen)} onClick={() => onImport(diff.digest)}>Import as shown</Button>
        {nothing ? <span className="quiet">There is nothing to do.</span> : null}
      </div>
    </section>
  )
}

function Changes({ before, after, loosens }: { readonly before: readonly (readonly [string, string])[]; readonly after: readonly (readonly [string, string])[]; readonly loosens: boolean }) {
  const changes = after.flatMap(([title, value], index) => (before[index]?.[1] === value ? [] : [{ title, value, was: before[index]?.[1] ?? '' }]))
  if (changes.length === 0) return <span className="quiet">what your own registry has</span>
  return (
    <ul className="plain-list">
      {changes.map(({ title, value, was }) => <li key={title}>{title}: <del><Untrusted text={was} limit={80} /></del> → <ins><Untrusted text={value} limit={80} /></ins>{title === 'disclosed' && loosens ? <> <Badge tone="high">looser</Badge></> : null}</li>)}
    </ul>
  )
}

function Part<Row>({ title, rows, rowKey, columns }: { readonly title: string; readonly rows: readonly Row[]; readonly rowKey: (row: Row) => string; readonly columns: readonly Column<Row>[] }) {
  const [shown, setShown] = useState(shownAtFirst)
  if (rows.length === 0) return null
  return (
    <Panel title={`${title} (${rows.length.toLocaleString('en')})`} flush>
      <Table caption={title} columns={columns} rows={rows.slice(0, shown)} rowKey={rowKey} />
      {rows.length > shown ? <div className="pad"><Button onClick={() => setShown(shown + 500)}>Show more</Button></div> : null}
    </Panel>
  )
}
