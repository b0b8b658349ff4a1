import { Button } from './button.tsx'
import './lists.css'

export function count(number: number, noun: string, nouns = `${noun}s`): string {
  return `${number.toLocaleString('en')} ${number === 1 ? noun : nouns}`
}

/** The end of a list that comes in pages. */
export function More({ pages, shown, noun, nouns }: { readonly pages: { readonly hasNextPage: boolean; readonly isFetchingNextPage: boolean; readonly fetchNextPage: () => unknown }; readonly shown: number; readonly noun: string; readonly nouns?: string }) {
  if (!pages.hasNextPage) return shown > 20 ? <p className="quiet small list-end">{count(shown, noun, nouns)}, all shown.</p> : null
  return <div className="list-end no-print"><Button busy={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>Show more</Button></div>
}
