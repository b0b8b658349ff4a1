import { styleText } from 'node:util'

type Style = Parameters<typeof styleText>[0]

/** Colour only on a terminal, and never with NO_COLOR (styleText looks at both). */
export function paint(style: Style, text: string): string {
  return styleText(style, text, { stream: process.stdout })
}

// Bidi controls, zero-width characters and C0/C1 controls could rewrite what a person reads.
const invisible = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/g

/** Text from the public, made safe for a terminal: escapes and invisible characters are shown as ·. */
export function shown(text: string): string {
  return text.replaceAll(invisible, '·').replaceAll(/[\t\n\r]+/g, ' ')
}

/** Cuts to a number of characters, with an ellipsis. */
export function cut(text: string, length: number): string {
  const points = [...text]
  return points.length <= length ? text : `${points.slice(0, length - 1).join('')}…`
}

/** `3 findings`, `1 finding`. */
export function plural(count: number, noun: string, many = `${noun}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? noun : many}`
}

/** `2 min 5 s`, `3 h 10 min`: for people. */
export function humanDuration(ms: number): string {
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`
  return minutes % 60 === 0 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/**
 * Progress of long work: one line that rewrites itself on a terminal; elsewhere a plain line when it changed, at
 * most every five seconds. Written to stderr, so that stdout stays for results.
 */
export function createProgress(stream: NodeJS.WriteStream = process.stderr): { show(line: string): void; end(): void } {
  let last = ''
  let lastAt = 0
  return {
    show(line) {
      if (line === last) return
      if (stream.isTTY) {
        stream.write(`\r\u001b[2K${cut(line, Math.max(20, stream.columns - 1))}`)
      } else if (performance.now() - lastAt >= 5_000 || lastAt === 0) {
        stream.write(`${line}\n`)
        lastAt = performance.now()
      } else return
      last = line
    },
    end() {
      if (stream.isTTY && last !== '') stream.write('\r\u001b[2K')
      last = ''
    },
  }
}

/** Columns of text, the last one unpadded. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = []
  for (const row of rows) row.forEach((cell, at) => { widths[at] = Math.max(widths[at] ?? 0, [...cell].length) })
  return rows
    .map((row) => row.map((cell, at) => (at === row.length - 1 ? cell : cell + ' '.repeat((widths[at] ?? 0) - [...cell].length))).join('  ').trimEnd())
    .join('\n')
}
