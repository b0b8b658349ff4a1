import { Tooltip } from '@base-ui/react/tooltip'
import type { ReactElement, ReactNode } from 'react'
import './popup.css'

/** More about something, on hover and on focus. `children` is the one element it is about, and has to take the focus. */
export function Tip({ content, children, side = 'top' }: { readonly content: ReactNode; readonly children: ReactElement<Record<string, unknown>>; readonly side?: 'top' | 'bottom' | 'left' | 'right' }) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger render={children} />
      <Tooltip.Portal>
        <Tooltip.Positioner sideOffset={6} side={side} align="start" className="popup-place">
          <Tooltip.Popup className="tip">{content}</Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  )
}
export const TipProvider = Tooltip.Provider
