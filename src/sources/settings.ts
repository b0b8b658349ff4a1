import { z } from 'zod'

/** A cron expression of five fields, in UTC. Checked when the schedule is made. */
const schedule = z.string().trim().min(9).describe('Cron expression (minute hour day month weekday), in UTC')

/** One row per remote that needs settings: what stands below `sources:` in namesake.yaml. */
export const sourceSettings = z.strictObject({
  github: z
    .strictObject({
      token: z.string().min(1).meta({ secret: true }).describe('Token of a dedicated account without any scope; required, GitHub answers no code search without one'),
      apiUrl: z.url({ protocol: /^https?$/ }).default('https://api.github.com').describe('Base URL of the REST API (GitHub Enterprise Server: https://HOST/api/v3)'),
      graphqlUrl: z.url({ protocol: /^https?$/ }).default('https://api.github.com/graphql').describe('URL of the GraphQL API (GitHub Enterprise Server: https://HOST/api/graphql)'),
      schedule: schedule.default('*/10 * * * *'),
      searchesPerMinute: z.int().min(1).max(6000).default(9).describe('Code searches in a minute; github.com allows 10 to one account. Raise it only on your own GitHub Enterprise Server'),
      fetchesPerHour: z.int().min(1).max(1_000_000).default(3600).describe('GraphQL requests in an hour; github.com allows 5,000 points to one account'),
    })
    .optional()
    .describe('GitHub code search'),
})
export type SourceSettings = z.output<typeof sourceSettings>
