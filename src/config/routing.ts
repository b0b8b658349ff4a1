import { z } from 'zod'
import { ecosystems } from '../contracts/inventory.ts'
import { routedKinds, severityNames } from '../contracts/routing.ts'
import { timeZoneFault } from '../zoned-time.ts'
import { durationFault, parseDuration } from './duration.ts'

/** What stands below `notify:` about who is told, and when; the destinations themselves are rows of the notifiers. */

/** In the order of Date.getUTCDay. */
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const

function checked(fault: (value: string) => string | null) {
  return z.string().trim().check((context) => {
    const message = fault(context.value)
    if (message !== null) context.issues.push({ code: 'custom', message, input: context.value })
  })
}

const duration = checked(durationFault).transform((text) => parseDuration(text) ?? 0)
export const timezone = checked(timeZoneFault)
const clockTime = checked((text) => (/^(?:[01]?\d|2[0-3]):[0-5]\d$|^24:00$/.test(text) ? null : 'expected a time of day such as 22:00 (in quotes)'))
const days = z.array(z.enum(weekdays)).max(7)
const destination = z.string().trim().min(1).max(100)
const list = <Entry extends z.ZodType>(entry: Entry) => z.array(entry).min(1).max(200).optional()

const criteria = {
  severity: list(z.enum(severityNames)).describe('critical, high, medium, low'),
  team: list(z.string().trim().min(1).max(200)).describe('Owners of the name, as the inventory has them'),
  ecosystem: list(z.enum(ecosystems)).describe('Ecosystems of the name'),
  source: list(z.string().trim().min(1).max(100)).describe('Where it was found: github-code, stack-exchange …'),
}

export const routingSettings = {
  timezone: timezone.default('UTC').describe('Time zone of the digest and of quiet hours: Europe/Berlin'),
  routes: z
    .array(z.strictObject({
      when: z
        .strictObject({ ...criteria, kind: list(z.enum(routedKinds)).describe('leaked, reopened, claim (a stranger took the name), place (further places, for the digest), baseline') })
        .prefault({})
        .describe('What the rule takes; every criterion that is given has to fit. Absent: everything'),
      to: z.array(destination).min(1).max(50).describe('Destinations: slack, slack-payments, teams …'),
      continue: z.boolean().default(false).describe('The rules behind it are asked as well'),
    }))
    .max(500)
    .default([])
    .describe('Who is told what: the first rule that fits decides. What none takes goes to every destination that no rule names, and where rules name all of them, to all'),
  quietHours: z
    .strictObject({
      timezone: timezone.optional().describe('Absent: notify.timezone'),
      from: clockTime.default('22:00').describe('Beginning, on the wall clock'),
      to: clockTime.default('07:00').describe('End; at or before the beginning: on the following day'),
      days: days.default([...weekdays]).describe('Days on which they begin: mon, tue, wed, thu, fri, sat, sun'),
      wholeDays: days.default([]).describe('Days that are quiet from midnight to midnight: [sat, sun]'),
      except: z.strictObject(criteria).default({ severity: ['critical'] }).describe('What is told all the same. {}: nothing is quiet'),
    })
    .check((context) => {
      if (new Set(context.value.wholeDays).size === 7) {
        context.issues.push({ code: 'custom', path: ['wholeDays'], message: 'if every day is quiet, nothing is ever told: leave out a day', input: context.value.wholeDays })
      }
    })
    .optional()
    .describe('Time in which nobody is told; what waited is told at its end, in one message if it is much'),
  storm: z
    .strictObject({
      more: z.int().min(1).max(1000).default(10).describe('Alerts for one destination within the time; more of them become one message'),
      within: duration.prefault('10m').describe('90m, 4h, 2d'),
    })
    .prefault({})
    .describe('Many alerts at once are one message with a table'),
  escalate: z
    .array(z.strictObject({
      after: duration.describe('Time without anybody having acknowledged: 90m, 4h, 2d'),
      when: z.strictObject(criteria).prefault({}).describe('Which findings; absent: all'),
      to: z.array(destination).min(1).max(50).describe('Destinations that are told then'),
    }))
    .max(50)
    .default([])
    .describe('Who else is told when nobody acknowledged a finding in time'),
}

/** Minutes from midnight. @param text one that the table accepted */
export function minutesOf(text: string): number {
  const [hours = 0, minutes = 0] = text.split(':').map(Number)
  return hours * 60 + minutes
}

/** As Date.getUTCDay counts. */
export function dayNumbers(names: readonly (typeof weekdays)[number][]): readonly number[] {
  return names.map((name) => weekdays.indexOf(name))
}
