import { z } from 'zod'
import type { Frozen } from '../contracts/frozen.ts'
import { boardSettings } from './board-settings.ts'
import { crawlSettings, requestsPerMinute } from './crawl-settings.ts'
import { places } from '../remotes/github/shares.ts'

/** A cron expression of five fields, in UTC. Checked when the schedule is made. */
const schedule = z.string().trim().min(9).describe('Cron expression (minute hour day month weekday), in UTC')

/** An account of GitHub. https://docs.github.com/en/enterprise-cloud@latest/admin/concepts/identity-and-access-management/username-considerations */
export const login = z.string().regex(/^[a-z\d](?:[a-z\d-]{0,38}[a-z\d])?$/i)

/** One row per remote that needs settings: what stands below `sources:` in namesake.yaml. */
export const sourceSettings = z.strictObject({
  github: z
    .strictObject({
      token: z.string().min(1).meta({ secret: true }).describe('Token of a dedicated account without any scope; required, GitHub answers no code search without one'),
      apiUrl: z.url({ protocol: /^https?$/ }).default('https://api.github.com').describe('Base URL of the REST API (GitHub Enterprise Server: https://HOST/api/v3)'),
      graphqlUrl: z.url({ protocol: /^https?$/ }).default('https://api.github.com/graphql').describe('URL of the GraphQL API (GitHub Enterprise Server: https://HOST/api/graphql)'),
      schedule: schedule.default('*/10 * * * *'),
      places: z.array(z.enum(places)).min(1).default([...places]).describe('What is looked at: code, issues (with pull requests and discussions), commits (messages), repositories (names, descriptions), gists and roster (of people). Absent: everything'),
      people: z.array(login).max(20_000).default([]).describe('Logins of people whose public activity and gists are read besides those of the public members of organization.github: former employees, contractors'),
      peopleFile: z.string().min(1).max(1000).optional().describe('More of them: one login a line, # begins a remark; relative to this file'),
      rosterSchedule: schedule.default('*/5 * * * *').describe('When the public activity of people is polled: cron expression, in UTC. GitHub shows it 30 seconds to 6 hours late'),
      searchesPerMinute: z.int().min(1).max(6000).default(9).describe('Code searches in a minute; github.com allows 10 to one account. Raise it only on your own GitHub Enterprise Server'),
      fetchesPerHour: z.int().min(1).max(100_000_000).default(4200).describe('GraphQL requests in an hour, all places together; github.com allows 5,000 points to one account'),
      otherSearchesPerMinute: z.int().min(3).max(6000).default(26).describe('Searches of issues, commits and repositories in a minute, together; github.com allows 30 to one account'),
      requestsPerHour: z.int().min(10).max(100_000_000).default(4200).describe('Other REST requests in an hour, all places together; github.com allows 5,000 to one account'),
    })
    .optional()
    .describe('GitHub: code, issues, commits, repositories, gists, and what people push'),
  hackerNews: z
    .strictObject({
      apiUrl: z.url({ protocol: /^https?$/ }).default('https://hn.algolia.com/api/v1').describe('Base URL of the search API'),
      requestsPerMinute: z.int().min(1).max(6000).default(60).describe('Searches in a minute, and as many threads; 10,000 requests an hour are allowed to one address'),
      schedule: schedule.default('30 5 * * *'),
    })
    .optional()
    .describe('Hacker News: stories, comments, and the monthly "Who is hiring?"'),
  jobs: z
    .strictObject({
      schedule: schedule.default('0 6 * * *'),
      boards: z.array(boardSettings).default([]).describe('Our own job boards and careers pages, read whole'),
    })
    .optional()
    .describe('Job ads'),
  pages: z
    .strictObject({
      schedule: schedule.default('0 5 * * *'),
      requestsPerMinute,
      sites: z
        .array(z.strictObject({ ...crawlSettings, own: z.boolean().default(false).describe('The company publishes it itself: a codename needs no other word beside it there') }))
        .default([])
        .describe('Any other pages: of the company, of a partner, of a supplier'),
    })
    .optional()
    .describe('Pages of the web, read from their addresses on'),
  stackexchange: z
    .strictObject({
      key: z.string().min(1).optional().meta({ secret: true }).describe('Key of a registered Stack Apps application; 10,000 requests a day instead of 300'),
      keyIn: z.enum(['header', 'query']).default('header').describe('Where the key is sent; query only for servers that still want it there'),
      apiUrl: z.url({ protocol: /^https?$/ }).default('https://api.stackexchange.com/2.3').describe('Base URL of the API'),
      sites: z.array(z.string().regex(/^[a-z][a-z.]{0,60}$/, 'the name of a site as the API has it, such as stackoverflow or devops')).min(1).default(['stackoverflow']).describe('Sites to search; each costs requests of its own'),
      requestsPerMinute: z.int().min(1).max(6000).default(60).describe('Searches in a minute, and as many requests for posts; 30 requests a second are allowed to one address'),
      schedule: schedule.default('0 * * * *'),
    })
    .optional()
    .describe('Stack Exchange'),
  webAssets: z
    .strictObject({
      schedule: schedule.default('0 4 * * *'),
      sites: z.array(z.url({ protocol: /^https?$/ })).default([]).describe('Addresses of our own public sites and applications; each brings its scripts, their source maps and parts'),
      requestsPerMinute,
      depth: z.int().min(0).max(10).default(1).describe('Links from the front page to other pages of the host, in search of further scripts'),
      maxPages: z.int().min(0).max(20_000).default(200).describe('Pages of one sweep of a site'),
      maxFiles: z.int().min(1).max(20_000).default(3_000).describe('Scripts, style sheets and source maps of one sweep of a site; what lies beyond is told as a gap'),
    })
    .optional()
    .describe('Scripts and source maps that our own sites serve to everybody'),
})

/** Frozen, as a configuration is. */
export type SourceSettings = Frozen<z.output<typeof sourceSettings>>
export type GithubRow = NonNullable<SourceSettings['github']>
