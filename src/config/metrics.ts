import { z } from 'zod'
import { calendarFault } from '../fiscal-calendar.ts'
import { timezone } from './routing.ts'

const months = ['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october', 'november', 'december'] as const

/** What stands below `metrics:`: how the company counts quarters. */
export const metricsSettings = z
  .strictObject({
    timezone: timezone.default('UTC').describe('Time zone in which quarters begin and end: Europe/Berlin'),
    fiscalYearStartsIn: z.union([z.enum(months), z.int().min(1).max(12)]).default('january').transform((month) => (typeof month === 'number' ? month : months.indexOf(month) + 1))
      .describe('First month of the fiscal year, by its English name or number'),
    fiscalYearNamedAfter: z.enum(['start', 'end']).default('end').describe('Whether a fiscal year is called after the calendar year in which it starts, or ends'),
    fiscalYearChanges: z
      .array(z.strictObject({
        from: z.string().regex(/^\d{4}-(?:0[1-9]|1[0-2])$/, 'expected a month such as "2027-02"').describe('Month in which the first fiscal year of the new kind begins: "2027-02"'),
        named: z.int().min(1900).max(9999).optional().describe('What that year is called; absent: by fiscalYearNamedAfter'),
      }))
      .max(20)
      .default([])
      .describe('When the company went over to another fiscal year. The quarter that goes on then is cut short'),
  })
  .check((context) => {
    const message = calendarFault(context.value)
    if (message !== null) context.issues.push({ code: 'custom', path: ['fiscalYearChanges'], message, input: context.value.fiscalYearChanges })
  })
