/** Markup that is ready to be shown. Everything else that stands in a template is text, and escaped. */
export interface Markup {
  readonly markup: string
}

type Part = Markup | string | number | null | readonly (Markup | null)[]

/** A template whose values are text: the names in it come from the public. */
export function html(strings: TemplateStringsArray, ...values: readonly Part[]): Markup {
  return { markup: strings.reduce((text, piece, index) => `${text}${shown(values[index - 1] ?? null)}${piece}`) }
}

function shown(value: Part): string {
  if (value === null) return ''
  if (typeof value === 'string') return escapeText(value)
  if (typeof value === 'number') return escapeText(String(value))
  if ('markup' in value) return value.markup
  return value.map((part) => part?.markup ?? '').join('')
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** Text for elements and quoted attributes. */
export function escapeText(text: string): string {
  return visible(text).replaceAll(/[&<>"']/g, (character) => entities[character] ?? '')
}

/**
 * Characters that nobody sees, and those that turn the direction of what follows, as their number: a name must not look
 * like another one, nor like the words of the report.
 */
export function visible(text: string): string {
  return text.toWellFormed().replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029\u115F\u1160\u3164\uFFA0]/gu, (character) => `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`)
}
