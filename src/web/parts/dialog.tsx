import { Dialog as Base } from '@base-ui/react/dialog'
import { useRef, type FormEvent, type ReactNode } from 'react'
import { Button } from './button.tsx'
import { CrossIcon } from './icons.tsx'
import './dialog.css'

/** Something to read or to choose in front of the page; Escape closes, the focus goes back. Import the file lazily: the first view does without. */
export function Dialog({ title, about, open, onClose, children, actions, wide = false }: { readonly title: ReactNode; readonly about?: ReactNode; readonly open: boolean; readonly onClose: () => void; readonly children?: ReactNode; readonly actions?: ReactNode; readonly wide?: boolean }) {
  const popup = useRef<HTMLDivElement>(null)
  // The first thing to fill in; where there is nothing, the text itself.
  const first = (): HTMLElement | null => popup.current?.querySelector<HTMLElement>('[autofocus], input:not([type="hidden"]), textarea, select') ?? popup.current
  return (
    <Base.Root open={open} onOpenChange={(next) => (next ? undefined : onClose())}>
      <Base.Portal>
        <Base.Backdrop className="dialog-backdrop" />
        <Base.Popup ref={popup} initialFocus={first} className={wide ? 'dialog dialog-wide' : 'dialog'}>
          <header className="dialog-head">
            <Base.Title className="dialog-title">{title}</Base.Title>
            <Base.Close className="icon-button" aria-label="Close"><CrossIcon /></Base.Close>
          </header>
          {about === undefined ? null : <Base.Description className="quiet">{about}</Base.Description>}
          {children}
          {actions === undefined ? null : <footer className="dialog-actions">{actions}</footer>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}

/** A dialog that does something: Enter, or Ctrl+Enter in a long text (field.tsx), does it. `failure`: why it was not done. */
export function FormDialog({ title, about, open, onClose, onSubmit, submit, busy = false, failure, danger = false, wide = false, children }: {
  readonly title: ReactNode; readonly about?: ReactNode; readonly open: boolean; readonly onClose: () => void; readonly onSubmit: () => void
  readonly submit: ReactNode; readonly busy?: boolean; readonly failure?: ReactNode; readonly danger?: boolean; readonly wide?: boolean; readonly children?: ReactNode
}) {
  const send = (event: FormEvent): void => {
    event.preventDefault()
    if (!busy) onSubmit()
  }
  return (
    <Dialog title={title} about={about} open={open} onClose={onClose} wide={wide}>
      <form className="stack" onSubmit={send}>
        {children}
        {failure === undefined || failure === null ? null : <p className="form-failure" role="alert">{failure}</p>}
        <footer className="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look={danger ? 'danger' : 'primary'} busy={busy}>{submit}</Button>
        </footer>
      </form>
    </Dialog>
  )
}
