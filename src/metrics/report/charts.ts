import { html, visible, type Markup } from './html.ts'

/** One bar: parts from the bottom up, told apart by pattern and by their number, never by colour alone. */
export interface Bar {
  readonly label: string
  readonly parts: readonly BarPart[]
  /** The number over it; absent: the sum. */
  readonly total?: string
}

export interface BarPart {
  readonly value: number
  readonly fill: Fill
}

/** Solid dark, stripes and dots on light: apart in grey as well. */
export type Fill = 'solid' | 'stripes' | 'dots' | 'empty'

const paints: Readonly<Record<Fill, string>> = { solid: '#1d3f72', stripes: 'url(#stripes)', dots: 'url(#dots)', empty: '#ffffff' }
const ink = '#1a1a1a'

/** Patterns that the charts of a page share: once, before the first of them. */
export const patterns: Markup = html`<svg width="0" height="0" aria-hidden="true" class="patterns"><defs>
<pattern id="stripes" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" fill="#f6d9b8"/><rect width="2.4" height="6" fill="#9a4a00"/></pattern>
<pattern id="dots" width="6" height="6" patternUnits="userSpaceOnUse"><rect width="6" height="6" fill="#eef1f5"/><circle cx="3" cy="3" r="1.3" fill="#5b6470"/></pattern>
</defs></svg>`

export function swatch(fill: Fill): Markup {
  return html`<svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true" class="swatch"><rect x="0.5" y="0.5" width="13" height="13" fill="${paints[fill]}" stroke="${ink}" stroke-width="1"/></svg>`
}

const plot = { width: 340, height: 168, top: 22, bottom: 30, left: 8, right: 8 }

/** Groups of bars side by side, from left to right in time. Every part that is high enough has its number in it, every bar over it. */
export function barChart(title: string, groups: readonly { readonly label: string; readonly bars: readonly Bar[] }[]): Markup {
  const highest = Math.max(1, ...groups.flatMap(({ bars }) => bars.map(sum)))
  const room = plot.height - plot.top - plot.bottom
  const slot = (plot.width - plot.left - plot.right) / Math.max(1, groups.length)
  const base = plot.height - plot.bottom
  const drawn = groups.map(({ label, bars }, index) => {
    const width = Math.min(36, (slot * 0.78) / bars.length)
    const left = plot.left + slot * index + (slot - width * bars.length) / 2
    return html`${bars.map((bar, nth) => drawBar(bar, { left: left + width * nth, width: width - 2, base, scale: room / highest }))}
<text x="${round(plot.left + slot * (index + 0.5))}" y="${plot.height - 12}" text-anchor="middle" font-size="11" fill="${ink}">${label}</text>`
  })
  return html`<svg viewBox="0 0 ${plot.width} ${plot.height}" role="img" aria-label="${title}"><title>${title}</title>
<line x1="${plot.left}" y1="${base}" x2="${plot.width - plot.right}" y2="${base}" stroke="${ink}" stroke-width="1"/>${drawn}</svg>`
}

function drawBar(bar: Bar, { left, width, base, scale }: { readonly left: number; readonly width: number; readonly base: number; readonly scale: number }): Markup {
  let top = base
  const parts = bar.parts.filter(({ value }) => value > 0).map(({ value, fill }) => {
    const height = value * scale
    top -= height
    if (height < 15 && bar.parts.length > 1) {
      return html`<rect x="${round(left)}" y="${round(top)}" width="${round(width)}" height="${round(height)}" fill="${paints[fill]}" stroke="${ink}" stroke-width="1"/><text x="${round(left + width + 3)}" y="${round(top + height / 2 + 4)}" font-size="11" fill="${ink}">${value}</text>`
    }
    const label = bar.parts.length === 1 ? null : html`<rect x="${round(left + width / 2 - 4 * String(value).length - 2)}" y="${round(top + height / 2 - 7)}" width="${8 * String(value).length + 4}" height="14" rx="2" fill="#ffffff"/><text x="${round(left + width / 2)}" y="${round(top + height / 2 + 4)}" text-anchor="middle" font-size="11" fill="${ink}">${value}</text>`
    return html`<rect x="${round(left)}" y="${round(top)}" width="${round(width)}" height="${round(height)}" fill="${paints[fill]}" stroke="${ink}" stroke-width="1"/>${label}`
  })
  return html`${parts}<text x="${round(left + width / 2)}" y="${round(top - 5)}" text-anchor="middle" font-size="12" font-weight="bold" fill="${ink}">${bar.total ?? String(sum(bar))}</text>`
}

const strip = { width: 700, height: 26 }

/** One bar that is cut into shares of a whole, each with its number where there is room. */
export function shareBar(title: string, parts: readonly BarPart[]): Markup {
  const whole = parts.reduce((total, { value }) => total + value, 0)
  if (whole === 0) return html`<p class="nothing">${title}: nothing to show.</p>`
  let left = 0
  const drawn = parts.filter(({ value }) => value > 0).map(({ value, fill }) => {
    const width = (value / whole) * strip.width
    const x = left
    left += width
    const label = width < 30 ? null : html`<rect x="${round(x + width / 2 - 4.2 * String(value).length - 4)}" y="5" width="${round(8.4 * String(value).length + 8)}" height="16" rx="2" fill="#ffffff"/><text x="${round(x + width / 2)}" y="17.5" text-anchor="middle" font-size="13" fill="${ink}">${value}</text>`
    return html`<rect x="${round(x)}" y="0.5" width="${round(width)}" height="${strip.height - 1}" fill="${paints[fill]}" stroke="${ink}" stroke-width="1"/>${label}`
  })
  return html`<svg viewBox="0 0 ${strip.width} ${strip.height}" role="img" aria-label="${title}" class="strip"><title>${title}</title>${drawn}</svg>`
}

/** Bars that lie, the longest first, with their words before and numbers behind them. */
export function rankChart(title: string, rows: readonly { readonly label: string; readonly parts: readonly BarPart[] }[]): Markup {
  const [labels, numbers, line] = [120, 34, 24]
  const longest = Math.max(1, ...rows.map(({ parts }) => parts.reduce((total, { value }) => total + value, 0)))
  const room = plot.width - labels - numbers
  const drawn = rows.map(({ label, parts }, index) => {
    let left = labels
    const bars = parts.filter(({ value }) => value > 0).map(({ value, fill }) => {
      const width = (value / longest) * room
      const x = left
      left += width
      return html`<rect x="${round(x)}" y="${line * index + 4}" width="${round(width)}" height="15" fill="${paints[fill]}" stroke="${ink}" stroke-width="1"/>`
    })
    return html`<text x="${labels - 6}" y="${line * index + 16}" text-anchor="end" font-size="11.5" fill="${ink}">${short(label)}</text>${bars}<text x="${round(left + 5)}" y="${line * index + 16}" font-size="12" font-weight="bold" fill="${ink}">${parts.reduce((total, { value }) => total + value, 0)}</text>`
  })
  return html`<svg viewBox="0 0 ${plot.width} ${Math.max(1, rows.length) * line + 2}" role="img" aria-label="${title}"><title>${title}</title>${drawn}</svg>`
}

function sum({ parts }: Bar): number {
  return parts.reduce((total, { value }) => total + value, 0)
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}

function short(text: string): string {
  const characters = [...visible(text)]
  return characters.length <= 18 ? characters.join('') : `${characters.slice(0, 17).join('')}…`
}
