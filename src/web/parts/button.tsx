import type { ComponentProps } from 'react'
import './button.css'

type Look = 'plain' | 'primary' | 'quiet' | 'danger'

/** `busy`: what it started is under way; it stays focusable, says so, and does nothing more. */
export function Button({ look = 'plain', busy = false, className = '', onClick, children, ...rest }: ComponentProps<'button'> & { readonly look?: Look; readonly busy?: boolean }) {
  return (
    <button type="button" {...rest} className={`button button-${look} ${className}`} aria-busy={busy || undefined} aria-disabled={busy || undefined} onClick={busy ? undefined : onClick}>
      {children}
    </button>
  )
}

/** A button that is a picture: `label` is what it says. */
export function IconButton({ label, className = '', children, ...rest }: ComponentProps<'button'> & { readonly label: string }) {
  return (
    <button type="button" {...rest} className={`icon-button ${className}`} aria-label={label} title={label}>
      {children}
    </button>
  )
}
