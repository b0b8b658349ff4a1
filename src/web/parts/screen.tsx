import { useEffect, useRef, type ReactNode } from 'react'
import { useLocation } from 'react-router'
import './screen.css'

/** Somebody has been on a screen already. */
let came = false

/**
 * A screen with its heading: names the document, and takes the focus when one came here, so that a screen reader
 * reads it and Tab goes on from it.
 */
export function Screen({ title, heading, above, about, actions, children }: { readonly title: string; readonly above?: ReactNode; readonly heading?: ReactNode; readonly about?: ReactNode; readonly actions?: ReactNode; readonly children: ReactNode }) {
  const screen = useRef<HTMLDivElement>(null)
  const top = useRef<HTMLHeadingElement>(null)
  const { pathname } = useLocation()
  useEffect(() => {
    document.title = `${title} · namesake`
  }, [title])
  useEffect(() => {
    // The first screen after loading leaves the focus to the browser: Tab then meets the skip link.
    if (came && screen.current?.contains(document.activeElement) !== true) top.current?.focus({ preventScroll: true })
    came = true
  }, [pathname])
  return (
    <div ref={screen} className="screen">
      {above}
      <header className="screen-head">
        <div className="screen-title">
          <h1 ref={top} tabIndex={-1}>{heading ?? title}</h1>
          {about === undefined ? null : <div className="quiet">{about}</div>}
        </div>
        {actions === undefined ? null : <div className="row no-print">{actions}</div>}
      </header>
      {children}
    </div>
  )
}

/** A framed part of a screen. */
export function Panel({ title, actions, children, flush = false }: { readonly title?: ReactNode; readonly actions?: ReactNode; readonly children: ReactNode; readonly flush?: boolean }) {
  return (
    <section className="panel">
      {title === undefined ? null : (
        <header className="panel-head">
          <h2>{title}</h2>
          {actions}
        </header>
      )}
      <div className={flush ? 'panel-body panel-flush' : 'panel-body'}>{children}</div>
    </section>
  )
}
