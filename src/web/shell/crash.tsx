import { Component, type ErrorInfo, type ReactNode } from 'react'
import { Button } from '../parts/button.tsx'

/** The page made a mistake: says so, instead of a white page. */
export class Crash extends Component<{ readonly children: ReactNode }, { readonly crashed: boolean }> {
  override state = { crashed: false }
  static getDerivedStateFromError(): { crashed: boolean } {
    return { crashed: true }
  }
  override componentDidCatch(_error: Error, _info: ErrorInfo): void {
    // React has written it to the browser's console; it goes nowhere else: it may hold names.
  }
  override render(): ReactNode {
    if (!this.state.crashed) return this.props.children
    return (
      <main className="crash stack">
        <h1>The page made a mistake</h1>
        <p>Nothing was lost: the server has everything. The browser&#39;s console says what happened.</p>
        <div className="row"><Button look="primary" onClick={() => location.reload()}>Load the page again</Button><a href="/findings">Go to the inbox</a></div>
      </main>
    )
  }
}
