import { useEffect, useLayoutEffect, useRef } from 'react'

export interface Shortcut {
  /** `j`, `?`, `Enter`, or two in a row: `g i`. */
  readonly keys: string
  /** What it does, for the list of keys. */
  readonly does: string
  readonly act: (event: KeyboardEvent) => void
}
interface Group { readonly title: string; readonly shortcuts: readonly Shortcut[] }

/** Those of what is mounted now; the newest is asked first, so that a screen may take a key from the shell. */
const groups: Group[] = []
/** How long after `g` the second key counts. */
const pauseMs = 1_200
let first: { readonly key: string; readonly at: number } | null = null

/** A person is writing, or a popup has the keys. */
function taken(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return true
  const target = event.target
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'button'].includes(target.type)
  return target.closest('[role="dialog"], [role="menu"], [role="listbox"]') !== null
}
/** A control under the focus does with Enter and Space what it is there for. */
function pressesControl(event: KeyboardEvent): boolean {
  return (event.key === 'Enter' || event.key === ' ') && event.target instanceof HTMLElement && event.target.closest('a, button, input, summary') !== null
}

function listen(event: KeyboardEvent): void {
  if (taken(event) || pressesControl(event)) return
  const pair = first !== null && event.timeStamp - first.at < pauseMs ? `${first.key} ${event.key}` : null
  first = null
  const all = [...groups].reverse().flatMap(({ shortcuts }) => shortcuts)
  // A pair that was begun is meant before a single key that a screen has.
  const shortcut = (pair === null ? undefined : all.find(({ keys }) => keys === pair)) ?? all.find(({ keys }) => keys === event.key)
  if (shortcut !== undefined) {
    event.preventDefault()
    shortcut.act(event)
    return
  }
  if (groups.some(({ shortcuts }) => shortcuts.some(({ keys }) => keys.startsWith(`${event.key} `)))) first = { key: event.key, at: event.timeStamp }
}

/** Keys of what is on the page. Not while somebody is typing, nor inside dialogs and menus. */
export function useShortcuts(title: string, shortcuts: readonly Shortcut[]): void {
  const latest = useRef(shortcuts)
  useLayoutEffect(() => {
    latest.current = shortcuts
  })
  useEffect(() => {
    const group: Group = { title, get shortcuts() { return latest.current } }
    if (groups.length === 0) document.addEventListener('keydown', listen)
    groups.push(group)
    return () => {
      groups.splice(groups.indexOf(group), 1)
      if (groups.length === 0) document.removeEventListener('keydown', listen)
    }
  }, [title])
}

/** For the list that `?` shows: the screen's before the shell's. */
export function currentShortcuts(): readonly { readonly title: string; readonly shortcuts: readonly Shortcut[] }[] {
  return [...groups].reverse().map(({ title, shortcuts }) => ({ title, shortcuts }))
}
