import { Invalid } from '../errors.ts'

/** A calendar quarter in UTC: from (inclusive) to (exclusive). */
export interface Quarter {
  readonly name: string
  readonly from: Date
  readonly to: Date
}

/** `2026-Q4` -> the quarter. @throws Invalid */
export function parseQuarter(text: string): Quarter {
  const match = /^(?<year>\d{4})-Q(?<number>[1-4])$/i.exec(text.trim())
  if (match?.groups === undefined) throw new Invalid([{ where: 'command line', key: '--quarter', value: text, expected: 'a quarter such as 2026-Q4' }])
  return quarterOf(Number(match.groups['year']), Number(match.groups['number']))
}

/** The quarter that a moment lies in. */
export function quarterAt(moment: Date): Quarter {
  return quarterOf(moment.getUTCFullYear(), Math.floor(moment.getUTCMonth() / 3) + 1)
}

function quarterOf(year: number, number: number): Quarter {
  const month = (number - 1) * 3
  return { name: `${year}-Q${number}`, from: new Date(Date.UTC(year, month, 1)), to: new Date(Date.UTC(year, month + 3, 1)) }
}
