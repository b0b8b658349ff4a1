import { CopyButton } from '../parts/copy-button.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Button } from '../parts/button.tsx'
import './settings.css'

/** A secret that the server does not know any more: to be copied now. */
export function OnceShown({ title, text, about, onClose }: { readonly title: string; readonly text: string; readonly about: string; readonly onClose: () => void }) {
  return (
    <Dialog title={title} about={about} open onClose={onClose} actions={<Button look="primary" onClick={onClose}>I have it</Button>}>
      <div className="once-shown">
        <code data-secret="">{text}</code>
        <CopyButton text={text} />
      </div>
    </Dialog>
  )
}
