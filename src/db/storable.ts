/** PostgreSQL stores neither NUL nor half a character in text; a public text that has one must not cost what it tells. */
export function storable<T extends string | null>(text: T): T | string {
  return text === null ? text : text.toWellFormed().replaceAll('\u0000', '\uFFFD')
}

/** The same for JSON as `JSON.stringify` writes it: what it escapes of these becomes U+FFFD. */
export function storableJson(json: string): string {
  if (!/\\u(?:0000|d[89a-f])/.test(json)) return json
  // Escape by escape, so that a backslash that is text itself is not taken for the beginning of one.
  return json.replaceAll(/\\(?:u(?<code>[0-9a-f]{4})|[^u])/g, (escape, code: string | undefined) => (code !== undefined && /^(?:0000|d[89a-f])/.test(code) ? '\\ufffd' : escape))
}
