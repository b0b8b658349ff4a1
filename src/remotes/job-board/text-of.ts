/** Values inside of a value that are read. */
const most = 1_000

/** Every text and number inside of a value of any shape (a custom field of a board), in order; '' for none. */
export function textOf(value: unknown): string {
  const texts: string[] = []
  const waiting: unknown[] = [value]
  for (let read = 0; waiting.length > 0 && read < most; read += 1) {
    const next = waiting.pop()
    if (typeof next === 'string' || typeof next === 'number') texts.push(String(next))
    else if (typeof next === 'object' && next !== null) waiting.push(...Object.values(next).slice(0, most).reverse())
  }
  return texts.join(', ')
}
