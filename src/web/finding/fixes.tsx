import { useState } from 'react'
import type { FindingDetail } from '../../api/contract.ts'
import { CopyButton } from '../parts/copy-button.tsx'
import { Panel } from '../parts/screen.tsx'
import { Untrusted } from '../parts/untrusted.tsx'
import '../parts/tabs.css'

/** What to paste. The text on the clipboard is the text that is shown. */
export function Fixes({ fixes }: { readonly fixes: FindingDetail['fixes'] }) {
  const [chosen, setChosen] = useState(0)
  const fix = fixes[chosen] ?? fixes[0]
  return (
    <Panel title="What to paste" actions={fix === undefined ? undefined : <CopyButton text={fix.text} />} flush>
      {fix === undefined ? <p className="quiet panel-body">Nothing is known that helps by pasting it.</p> : (
        <div className="fixes">
          <div className="fix-choices" role="group" aria-label="Kinds">
            {fixes.map(({ title }, index) => <button key={title} type="button" className="tab" aria-pressed={index === chosen} onClick={() => setChosen(index)}><Untrusted text={title} limit={80} /></button>)}
          </div>
          <p className="quiet small fix-file"><Untrusted text={fix.note} limit={600} /></p>
          {fix.file === null ? null : <p className="quiet small fix-file">into <Untrusted text={fix.file} limit={120} className="mono" /></p>}
          <pre className="fix"><Untrusted text={fix.text} lines limit={8_000} /></pre>
        </div>
      )}
    </Panel>
  )
}
