import {
  buildClientSchema, execute, GraphQLError, Kind, parse, validate, type DocumentNode, type GraphQLSchema, type IntrospectionQuery,
} from 'graphql'
import type { Hono } from 'hono'
import { z } from 'zod'
import { describeError } from '../../errors.ts'
import { gatewayPage, type SandboxContext, type SandboxEnv } from '../door.ts'
import { measureCost } from './graphql-cost.ts'
import { resolveField } from './graphql-resolvers.ts'
import type { QueryContext } from './graphql-nodes.ts'
import { admit, failure, holderOf, secondaryMessage, type Answer, type Caller, type Site } from './site.ts'

const guide = 'https://docs.github.com/graphql/guides/forming-calls-with-graphql'

async function buildSchema(): Promise<GraphQLSchema> {
  const published = await import('@octokit/graphql-schema')
  // The package types its JSON as anything; the file is the result of an introspection query.
  return buildClientSchema(published.schema.json as unknown as IntrospectionQuery, { assumeValid: true })
}

let schema: Promise<GraphQLSchema> | null = null

/** GitHub's published schema. Half a second and 60 MB, so it waits for the first query, once per process. */
function githubSchema(): Promise<GraphQLSchema> {
  return (schema ??= buildSchema())
}

const requestBody = z.object({
  query: z.string(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  operationName: z.string().nullish(),
})

/**
 * An error as GitHub writes it: the type beside the message, the path also for errors found before execution.
 * A fault of the sandbox itself is called one, so that nobody looks for it in GitHub's behaviour.
 */
function formatError(error: GraphQLError): unknown {
  const { code, path, type: given, ...extensions } = error.extensions
  const cause = error.originalError
  const failed = cause !== undefined && cause !== null && !(cause instanceof GraphQLError)
  const type = failed ? 'SANDBOX_FAILED' : given
  return {
    ...(type === undefined ? {} : { type }),
    ...(code === undefined ? {} : { code }),
    ...(error.path === undefined && path === undefined ? {} : { path: error.path ?? path }),
    ...(Object.keys(extensions).length === 0 ? {} : { extensions }),
    ...(error.locations === undefined ? {} : { locations: error.locations }),
    message: failed ? describeError(cause) : error.message,
  }
}

const timeoutMessage = 'Something went wrong while executing your query. This may be the result of a timeout, or it could be a GitHub bug. Please include `C0DE:1A2B3C:4D5E6F:7A8B9C:6543210F` when reporting this issue.'

/** The wording and the code of GitHub's own validation for a field that is not there; graphql-js's words otherwise. */
function formatValidation(error: GraphQLError): unknown {
  const { field, type } = /^Cannot query field "(?<field>\w+)" on type "(?<type>\w+)"/.exec(error.message)?.groups ?? {}
  if (field === undefined || type === undefined) return { locations: error.locations, message: error.message }
  return {
    path: ['query', field],
    extensions: { code: 'undefinedField', typeName: type, fieldName: field },
    locations: error.locations,
    message: `Field '${field}' doesn't exist on type '${type}'`,
  }
}

function refused(errors: readonly unknown[], withData = false): Answer {
  return { status: 200, json: withData ? { data: null, errors } : { errors } }
}

function parseDocument(query: string): DocumentNode | GraphQLError {
  try {
    return parse(query, { maxTokens: 50_000 })
  } catch (error) {
    if (error instanceof GraphQLError) return error
    throw error
  }
}

function timedOut(context: SandboxContext, site: Site, caller: Caller): Answer | null {
  const strike = context.get('strike')
  const html = strike('graphqlTimeoutHtml')
  const json = html === null ? strike('graphqlTimeoutJson') : null
  const gateway = html === null && json === null ? strike('graphqlGatewayTimeout') : null
  const struck = html ?? json ?? gateway
  if (struck === null) return null
  site.limits.deduct(holderOf(caller), 'graphql', struck.amount)
  if (html !== null) return { status: 502, text: gatewayPage, headers: { 'content-type': 'text/html' } }
  return { status: json === null ? 504 : 502, json: { data: null, errors: [{ message: timeoutMessage }] } }
}

async function answerQuery(site: Site, context: SandboxContext, caller: Caller, body: z.output<typeof requestBody>): Promise<Answer> {
  const schema = await githubSchema()
  const document = parseDocument(body.query)
  if (document instanceof GraphQLError) return refused([{ locations: document.locations, message: `Parse error: ${document.message}` }])
  const invalid = validate(schema, document, undefined, { maxErrors: 20 })
  if (invalid.length > 0) return refused(invalid.map(formatValidation))
  if (document.definitions.some((one) => one.kind === Kind.OPERATION_DEFINITION && one.operation !== 'query')) {
    return refused([{ type: 'FORBIDDEN', message: 'Resource not accessible by personal access token' }], true)
  }
  const variables = body.variables ?? {}
  const cost = measureCost(schema, document, variables)
  if (cost.faults.length > 0) return refused(cost.faults.map(formatError), true)
  site.limits.deduct(holderOf(caller), 'graphql', cost.points - 1)
  const queryContext: QueryContext = { site, caller, cost, strike: context.get('strike') }
  const result = await execute({
    schema, document, variableValues: variables, operationName: body.operationName ?? null,
    contextValue: queryContext, fieldResolver: resolveField,
  })
  const errors = result.errors?.map(formatError)
  return { status: 200, json: { ...(result.data === undefined ? {} : { data: result.data }), ...(errors === undefined ? {} : { errors }) } }
}

/** Exhaustion is a 200 with an error; its type has two names in the wild. */
function exhausted(_site: Site, context: SandboxContext, caller: Caller): Answer {
  const id = caller?.account.id ?? 0
  const old = context.get('strike')('graphqlRateLimitedOldType') !== null
  return refused([old
    ? { type: 'RATE_LIMITED', message: `API rate limit exceeded for user ID ${id}.` }
    : { type: 'RATE_LIMIT', code: 'graphql_rate_limit', message: `API rate limit already exceeded for user ID ${id}.` }])
}

/** `POST /graphql`, executed against GitHub's published schema. */
export function serveGraphql(app: Hono<SandboxEnv>, site: Site): void {
  app.post('/graphql', (context) =>
    admit(site, context, {
      bucket: 'graphql',
      endpoint: 'graphql',
      versioned: false,
      exhausted,
      refused: (refusal) => (refusal.status === 200
        ? refused([{ message: secondaryMessage }])
        : failure(refusal.status, secondaryMessage, 'https://docs.github.com/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api#secondary-rate-limits')),
    }, async (caller) => {
      if (caller === null) return failure(401, 'This endpoint requires you to be authenticated.', `${guide}#authenticating-with-graphql`)
      let json: unknown
      try {
        json = JSON.parse(await context.req.text())
      } catch {
        return failure(400, 'Problems parsing JSON', guide)
      }
      const body = requestBody.safeParse(json)
      if (!body.success) return refused([{ message: 'A query attribute must be specified and must be a string.' }])
      return timedOut(context, site, caller) ?? answerQuery(site, context, caller, body.data)
    }))
}
