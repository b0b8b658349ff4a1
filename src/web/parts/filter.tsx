import './field.css'
import './lists.css'
import { useEffect, useId, useState } from 'react'
import { SearchIcon } from './icons.tsx'

/** One of a few values; the empty one is "any". */
export function Filter({ label, value, options, onChange }: { readonly label: string; readonly value: string; readonly options: readonly (readonly [string, string])[]; readonly onChange: (value: string) => void }) {
  const id = useId()
  // A value that the list lost meanwhile (a team) still stands in the address.
  const known = options.some(([one]) => one === value) ? options : [...options, [value, value] as const]
  return (
    <div className="filter">
      <label htmlFor={id} className="quiet small">{label}</label>
      <select id={id} className="input" value={value} data-chosen={value !== ''} onChange={(event) => onChange(event.target.value)}>
        {known.map(([one, title]) => <option key={one} value={one}>{title}</option>)}
      </select>
    </div>
  )
}

/** Asks a moment after the last key. */
export function SearchFilter({ label, value, onChange }: { readonly label: string; readonly value: string; readonly onChange: (value: string) => void }) {
  const id = useId()
  const [text, setText] = useState(value)
  const [known, setKnown] = useState(value)
  // The address changed by itself: back, or another filter.
  if (known !== value) {
    setKnown(value)
    setText(value)
  }
  useEffect(() => {
    if (text === value) return undefined
    const timer = setTimeout(() => onChange(text), 250)
    return () => clearTimeout(timer)
  })
  return (
    <div className="filter filter-search">
      <label htmlFor={id} className="quiet small">{label}</label>
      <div className="search-box"><SearchIcon /><input id={id} type="search" className="input" value={text} maxLength={200} onChange={(event) => setText(event.target.value)} /></div>
    </div>
  )
}
