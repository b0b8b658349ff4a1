/** Arrays in PostgreSQL's text form: `{1,NULL,"a \"b\"",{2}}`. https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO */

/** OIDs of the built-in types that we read and write, and of their arrays. They never change. (pg_type.dat) */
export const arrayTypes: readonly (readonly [element: number, array: number])[] = [
  [16, 1000], [17, 1001], [20, 1016], [21, 1005], [23, 1007], [25, 1009], [114, 199], [700, 1021], [701, 1022], [1043, 1015],
  [1082, 1182], [1114, 1115], [1184, 1185], [1700, 1231], [2950, 2951], [3802, 3807],
]

/** @param write gives the text of one element */
export function formatArray(values: readonly unknown[], write: (value: unknown) => string): string {
  const parts = values.map((value) => {
    if (Array.isArray(value)) return formatArray(value, write)
    return value === null || value === undefined ? 'null' : `"${write(value).replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
  })
  return `{${parts.join(',')}}`
}

/** What the server wrote; one pass. @param read gives the value of one element's text */
export function parseArray(text: string, read: (element: string) => unknown): unknown[] {
  const outermost: unknown[] = []
  const open: unknown[][] = [outermost]
  let element = ''
  let quoted = false
  let wasQuoted = false
  function end(): void {
    if (element !== '' || wasQuoted) open.at(-1)?.push(element === 'NULL' && !wasQuoted ? null : read(element))
    element = ''
    wasQuoted = false
  }
  // A lower bound may stand before it: [0:1]={1,2}
  for (let index = text.indexOf('{') + 1; index < text.length; index += 1) {
    const letter = text[index] ?? ''
    if (letter === '\\') {
      index += 1
      element += text[index] ?? ''
    } else if (letter === '"') {
      quoted = !quoted
      wasQuoted = true
    } else if (quoted) {
      element += letter
    } else if (letter === '{') {
      const inner: unknown[] = []
      open.at(-1)?.push(inner)
      open.push(inner)
    } else if (letter === '}') {
      end()
      open.pop()
    } else if (letter === ',') {
      end()
    } else {
      element += letter
    }
  }
  return outermost
}
