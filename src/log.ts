import { pino, type Logger, type DestinationStream } from 'pino'

/** Keys whose values never reach a log line, at any depth that we log. */
const secretKeys = ['token', 'key', 'webhookUrl', 'password', 'authorization', 'url', 'query', 'name', 'text', 'snippet', 'identifier']

export type Log = Logger

/**
 * The one logger. Messages are static sentences; what varies stands in fields: ids, counts, hosts, statuses.
 * Never a name of the inventory, a query, a snippet, a URL with a secret, or a remote body.
 */
export function createLog(options: { level: string; destination?: DestinationStream }): Log {
  const settings = {
    level: options.level,
    base: undefined,
    redact: { paths: secretKeys.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: '[redacted]' },
    timestamp: pino.stdTimeFunctions.isoTime,
  }
  return options.destination === undefined ? pino(settings) : pino(settings, options.destination)
}
