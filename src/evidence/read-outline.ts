import { comment, type Format, type Place, type Verdict } from './format.ts'
import type { SourceText } from './source-text.ts'
import { pathOf, type Outline, type Spot } from './structure/outline.ts'

/** A mention in a structured file: where it stands, and everything around it. */
export interface Found {
  readonly file: SourceText
  readonly outline: Outline
  readonly spot: Spot
  /** Keys from the top down to the spot's node. */
  readonly path: readonly string[]
  readonly place: Place
}

/** A format's `read` for files with an outline: comments are prose, punctuation says nothing, the rest is `read`'s. */
export function readOutline(parse: (text: string) => Outline, read: (found: Found) => Verdict | null): Format['read'] {
  return (file) => {
    const outline = parse(file.text)
    return (place) => {
      const spot = outline.at(place.start, place.end)
      if (spot === null) return null
      if (spot.part === 'comment') return comment()
      return read({ file, outline, spot, path: pathOf(spot.node), place })
    }
  }
}
