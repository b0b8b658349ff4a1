import { Menu as Base } from '@base-ui/react/menu'
import type { ReactElement, ReactNode } from 'react'
import './popup.css'

export interface MenuItem {
  readonly key: string
  readonly label: ReactNode
  readonly icon?: ReactNode
  /** The key that does the same. */
  readonly shortcut?: string
  readonly disabled?: boolean
  readonly onChoose: () => void
}

/** Actions behind a button; `trigger` is the button. Arrow keys, letters and Escape work as everywhere. */
export function Menu({ trigger, label, groups, align = 'start' }: { readonly trigger: ReactElement<Record<string, unknown>>; readonly label?: ReactNode; readonly groups: readonly (readonly MenuItem[])[]; readonly align?: 'start' | 'end' }) {
  return (
    <Base.Root>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner sideOffset={4} align={align} className="popup-place">
          <Base.Popup className="popup">
            {label === undefined ? null : <div className="menu-label">{label}</div>}
            {groups.filter((group) => group.length > 0).map((group, index) => (
              <Base.Group key={group[0]?.key}>
                {index === 0 ? null : <Base.Separator className="menu-line" />}
                {group.map((item) => (
                  <Base.Item key={item.key} className="menu-item" disabled={item.disabled ?? false} onClick={item.onChoose}>
                    {item.icon}{item.label}{item.shortcut === undefined ? null : <kbd>{item.shortcut}</kbd>}
                  </Base.Item>
                ))}
              </Base.Group>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
