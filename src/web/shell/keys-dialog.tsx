import { Dialog } from '../parts/dialog.tsx'
import { currentShortcuts } from './keys.ts'
import './keys-dialog.css'

export function KeysDialog({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  return (
    <Dialog title="Keys" about="They rest while you type." open={open} onClose={onClose} wide>
      <div className="keys">
        {currentShortcuts().filter(({ shortcuts }) => shortcuts.length > 0).map(({ title, shortcuts }) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>
              {shortcuts.map(({ keys, does }) => (
                <div key={keys}>
                  <dt>{keys.split(' ').map((key) => <kbd key={key}>{names[key] ?? key}</kbd>)}</dt>
                  <dd>{does}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  )
}
const names: Readonly<Record<string, string>> = { Escape: 'Esc', ArrowDown: '↓', ArrowUp: '↑' }
