import { z } from 'zod'

/** The data of a GraphQL answer, by alias; nothing where there is none. */
export const graphqlData = z.record(z.string(), z.unknown()).nullish().transform((data) => data ?? {})

/** https://docs.github.com/en/graphql/reference/objects#ratelimit */
export const rateLimit = z.object({ remaining: z.int(), resetAt: z.iso.datetime({ offset: true }) })

/** Errors beside the data: lenient, an error that cannot be read is still an error. */
export const graphqlErrors = z.array(
  z
    .object({
      type: z.string().nullish().catch(null),
      code: z.string().nullish().catch(null),
      message: z.string().nullish().catch(null),
      path: z.array(z.union([z.string(), z.number()])).nullish().catch(null),
      extensions: z.object({ code: z.string().nullish().catch(null) }).nullish().catch(null),
    })
    .catch({ type: null, code: null, message: null, path: null, extensions: null }),
)
export type GraphqlError = z.output<typeof graphqlErrors>[number]

const bucket = z.object({ limit: z.int(), remaining: z.int() })

/** https://docs.github.com/en/rest/rate-limit/rate-limit; buckets that a server does not know are absent. */
export const rateLimits = z.object({
  resources: z.object({ core: bucket, code_search: bucket.optional(), graphql: bucket.optional() }),
})
