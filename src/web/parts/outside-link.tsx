import type { ReactNode } from 'react'
import { OutIcon } from './icons.tsx'
import { plain, Untrusted } from './untrusted.tsx'

/** An address that may be a link: http or https, without user and password. Everything else is text. */
export function webAddress(url: string): string | null {
  if (url.length > 4_000 || !URL.canParse(url)) return null
  const parsed = new URL(url)
  return (parsed.protocol === 'https:' || parsed.protocol === 'http:') && parsed.username === '' && parsed.password === '' ? parsed.href : null
}

/** A link out of the page: tells the other side neither where from nor gives it a handle; what is no web address is shown, not linked. */
export function OutsideLink({ url, children, icon = true, className = '' }: { readonly url: string; readonly children?: ReactNode; readonly icon?: boolean; readonly className?: string }) {
  const href = webAddress(url)
  if (href === null) return <span className={className}>{children} <code title="Not a web address: shown, not linked"><Untrusted text={url} limit={200} /></code></span>
  return (
    <a className={className} href={href} target="_blank" rel="noreferrer noopener" title={plain(href, 300)}>
      {children ?? <Untrusted text={url} limit={200} />} {icon ? <OutIcon className="icon icon-out" /> : null}<span className="unseen"> (opens a new tab)</span>
    </a>
  )
}
