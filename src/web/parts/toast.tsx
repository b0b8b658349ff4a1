import { Toast } from '@base-ui/react/toast'
import type { ReactNode } from 'react'
import { CrossIcon } from './icons.tsx'
import './toast.css'

const manager = Toast.createToastManager()

/** Tells what was done, or why it was not, without taking the focus; F6 goes there. */
export function tell(message: { readonly title: string; readonly detail?: ReactNode; readonly failed?: boolean; readonly undo?: () => void }): void {
  manager.add({
    title: message.title,
    description: message.detail,
    type: message.failed === true ? 'failed' : 'done',
    priority: message.failed === true ? 'high' : 'low',
    timeout: message.failed === true ? 15_000 : message.undo === undefined ? 5_000 : 10_000,
    ...(message.undo === undefined ? {} : { actionProps: { children: 'Undo', onClick: message.undo } }),
  })
}

function Messages() {
  const { toasts } = Toast.useToastManager()
  return toasts.map((toast) => (
    <Toast.Root key={toast.id} toast={toast} className="toast" swipeDirection={['right', 'down']}>
      <Toast.Content className="toast-content">
        <div className="toast-text">
          <Toast.Title className="toast-title" />
          <Toast.Description className="quiet" />
        </div>
        <Toast.Action className="button" />
        <Toast.Close className="icon-button" aria-label="Close message"><CrossIcon /></Toast.Close>
      </Toast.Content>
    </Toast.Root>
  ))
}

export function Toasts({ children }: { readonly children: ReactNode }) {
  return (
    <Toast.Provider toastManager={manager} limit={3}>
      {children}
      <Toast.Portal>
        <Toast.Viewport className="toasts"><Messages /></Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  )
}
