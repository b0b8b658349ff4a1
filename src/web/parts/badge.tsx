import type { ReactNode } from 'react'
import './badge.css'

export type Tone = 'neutral' | 'critical' | 'high' | 'medium' | 'low' | 'good' | 'accent'

/** A short word with a tone. The word says it; the tone only helps the eye. */
export function Badge({ tone = 'neutral', children }: { readonly tone?: Tone; readonly children: ReactNode }) {
  return <span className={`badge badge-${tone}`}>{children}</span>
}

const shapes = {
  critical: <path d="M5.2 1h5.600L15 5.200v5.600L10.8 15H5.200L1 10.800V5.200z" />,
  high: <path d="M8 1.5 15.2 14H.8z" />,
  medium: <path d="M8 .8 15.2 8 8 15.2.8 8z" />,
  low: <circle cx="8" cy="8" r="5.5" fill="none" stroke="currentColor" strokeWidth="2.5" />,
} as const

/** Severity as word and shape: octagon, triangle, diamond, ring. */
export function Severity({ value, short = false }: { readonly value: keyof typeof shapes; readonly short?: boolean }) {
  return (
    <span className={`severity severity-${value}`}>
      <svg viewBox="0 0 16 16" width="12" height="12" fill="currentColor" aria-hidden="true" focusable="false">{shapes[value]}</svg>
      <span className={short ? 'unseen' : undefined}>{value[0]?.toUpperCase()}{value.slice(1)}</span>
    </span>
  )
}
