import type { Config } from '../config.ts'
import { dayNumbers, minutesOf } from '../config/routing.ts'
import type { OpenNotifier } from '../contracts/notifier.ts'
import type { Routing } from '../contracts/routing.ts'
import { Invalid, type Fault } from '../errors.ts'
import { suggestion } from '../inventory/describe-issues.ts'
import { sources } from '../sources/all.ts'

/**
 * Who is told what, and when, by the configuration.
 * @throws Invalid for a rule that names a destination or a source that does not exist: it would never do what was meant
 */
export function readRouting({ notify, web, where }: Pick<Config, 'notify' | 'web' | 'where'>, notifiers: ReadonlyMap<string, OpenNotifier>): Routing {
  const faults = [...findUnknown(notify, notifiers)]
  if (faults.length > 0) throw new Invalid(faults.map((fault) => ({ where, ...fault })))
  const { quietHours } = notify
  return {
    destinations: [...notifiers].map(([name, { alertsOnly = false, everySingle = false }]) => ({ name, alertsOnly, everySingle })),
    rules: notify.routes,
    quietHours: quietHours === undefined
      ? null
      : {
          timezone: quietHours.timezone ?? notify.timezone,
          from: minutesOf(quietHours.from),
          to: minutesOf(quietHours.to),
          days: dayNumbers(quietHours.days),
          wholeDays: dayNumbers(quietHours.wholeDays),
          except: quietHours.except,
        },
    storm: { more: notify.storm.more, withinMs: notify.storm.within },
    ...(web.url === undefined ? {} : { page: web.url }),
    escalate: notify.escalate.map(({ after, when, to }) => ({ afterMs: after, when, to })),
  }
}

function* findUnknown(notify: Config['notify'], notifiers: ReadonlyMap<string, OpenNotifier>): Generator<Omit<Fault, 'where'>> {
  const destinations = [...notifiers.keys()]
  const known = sources.map(({ id }) => id)
  const rules = [...notify.routes.map((rule, index) => ({ rule, key: `notify.routes.${index}` })), ...notify.escalate.map((rule, index) => ({ rule, key: `notify.escalate.${index}` }))]
  for (const { rule, key } of rules) {
    for (const [index, name] of rule.to.entries()) {
      if (!destinations.includes(name)) yield { key: `${key}.to.${index}`, value: JSON.stringify(name), expected: `no such destination is configured; ${suggestion(name, destinations)}` }
    }
    yield* unknownSources(rule.when.source, `${key}.when.source`, known)
  }
  yield* unknownSources(notify.quietHours?.except.source, 'notify.quietHours.except.source', known)
}

function* unknownSources(named: readonly string[] | undefined, key: string, known: readonly string[]): Generator<Omit<Fault, 'where'>> {
  for (const [index, name] of (named ?? []).entries()) {
    if (!known.includes(name)) yield { key: `${key}.${index}`, value: JSON.stringify(name), expected: `no such source; ${suggestion(name, known)}` }
  }
}
