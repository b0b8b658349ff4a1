import { styleText } from 'node:util'

type Style = Parameters<typeof styleText>[0]

/** Colour only where `stream` is a terminal, and never with NO_COLOR (styleText looks at both). */
export function paint(style: Style, text: string, stream: NodeJS.WriteStream = process.stdout): string {
  return styleText(style, text, { stream })
}

// Controls (escape sequences begin with one), formats (bidi, zero-width, tags), line separators, halves of pairs:
// all of them could rewrite what a person reads.
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

/** Text from the public, made safe for a terminal and one line: what cannot be seen is shown as ·. */
export function shown(text: string): string {
  return text.replaceAll(/[\t\n\r]+/g, ' ').replaceAll(invisible, '·')
}

/** Cuts to a number of characters, with an ellipsis. A text of megabytes costs no more than its beginning. */
export function cut(text: string, length: number): string {
  // A character is at most two units.
  const points = Array.from(text.slice(0, 2 * length + 2))
  return points.length <= length ? text : `${points.slice(0, length - 1).join('')}…`
}

/** Hostile text of any size as one safe line of at most `length` characters. */
export function excerpt(text: string, length: number): string {
  return cut(shown(text.slice(0, 64 * length)).trim(), length)
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

export interface Progress {
  show(line: string): void
  /** A line that stays, without disturbing the one that rewrites itself: the log of a command. */
  write(line: string): void
  end(): void
}

const clearLine = '\r\u001b[2K'

/**
 * Progress of long work: one line that rewrites itself on a terminal; elsewhere a plain line when it changed, at
 * most every five seconds. Written to stderr, so that stdout stays for results.
 */
export function createProgress(stream: Pick<NodeJS.WriteStream, 'isTTY' | 'columns' | 'write'> = process.stderr): Progress {
  let last = ''
  let lastAt = -Infinity
  const draw = (): unknown => stream.write(`${clearLine}${cut(last, Math.max(20, stream.columns - 1))}`)
  return {
    show(line) {
      if (line === last) return
      if (!stream.isTTY && performance.now() - lastAt < 5_000) return
      last = line
      lastAt = performance.now()
      if (stream.isTTY) draw()
      else stream.write(`${line}\n`)
    },
    write(line) {
      if (!stream.isTTY || last === '') stream.write(line)
      else {
        stream.write(`${clearLine}${line}`)
        draw()
      }
    },
    end() {
      if (stream.isTTY && last !== '') stream.write(clearLine)
      last = ''
      lastAt = -Infinity
    },
  }
}

/** Breaks a text at its spaces into lines of at most `width` characters, each behind `indent`; longer words stay whole. */
export function wrap(text: string, indent: string, width = 100): string {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && indent.length + line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line].map((one) => `${indent}${one}`).join('\n')
}

/** Columns of text, the last one unpadded. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = []
  for (const row of rows) row.forEach((cell, at) => { widths[at] = Math.max(widths[at] ?? 0, [...cell].length) })
  return rows
    .map((row) => row.map((cell, at) => (at === row.length - 1 ? cell : cell + ' '.repeat((widths[at] ?? 0) - [...cell].length))).join('  ').trimEnd())
    .join('\n')
}
