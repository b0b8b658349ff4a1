import { z } from 'zod'
import { version } from '../app/version.ts'
import { routes } from './contract.ts'
import { problem, type Route } from './contract/route.ts'

type Json = Readonly<Record<string, unknown>>

/**
 * The API in the words of OpenAPI 3.1, made from the contract. https://spec.openapis.org/oas/v3.1.1.html
 * Schemas are as JSON Schema 2020-12 has them, which 3.1 takes over.
 */
export function openApi(): Json {
  const paths: Record<string, Record<string, Json>> = {}
  for (const [name, row] of Object.entries<Route>(routes)) {
    const [method = '', path = ''] = name.split(' ')
    paths[path] = { ...paths[path], [method.toLowerCase()]: operation(name, row) }
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'namesake', version, license: { name: 'MIT', identifier: 'MIT' },
      description: 'What the page does, a token can do too, as far as its scopes and the role of its owner go. Lists are paged by `cursor`: pass on `next` until it is null. Every refusal is application/problem+json (RFC 9457).',
    },
    servers: [{ url: '/' }],
    security: [{ session: [] }, { token: [] }],
    paths,
    components: {
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: '__Host-namesake', description: 'The login of the page; `namesake` over plain http' },
        token: { type: 'http', scheme: 'bearer', description: 'A personal API token, nsk_…' },
      },
      schemas: { Problem: schemaOf(problem, 'output') },
      responses: { Problem: { description: 'It was refused, and why', content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } } },
    },
  }
}

function operation(name: string, row: Route): Json {
  const { params, query, body, answer, media = 'application/json' } = row
  const parameters = [...(params === undefined ? [] : parametersOf(params, 'path')), ...(query === undefined ? [] : parametersOf(query, 'query'))]
  return {
    operationId: idOf(name),
    summary: row.summary,
    description: whoMay(row),
    tags: [name.split('/')[2] ?? ''],
    security: row.role === 'nobody-yet' ? [] : row.scope === null ? [{ session: [] }] : [{ session: [] }, { token: [] }],
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: { required: true, content: { 'application/json': { schema: schemaOf(body, 'input') } } } }),
    responses: {
      200: { description: 'Done', content: { [media]: { schema: schemaOf(answer, 'output') } } },
      default: { $ref: '#/components/responses/Problem' },
    },
  }
}

/** `GET /api/findings/{id}/events` is called getFindingsIdEvents. */
function idOf(name: string): string {
  const [method = '', ...words] = name.split(/[^a-z0-9]+/i).filter((word) => word !== '' && word !== 'api')
  return method.toLowerCase() + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')
}

function whoMay({ role, scope }: Route): string {
  if (role === 'nobody-yet') return 'Before the login.'
  return `Takes the role ${role}, ${scope === null ? 'and a session: no token may' : `or a token of such an account with the scope ${scope}`}.`
}

function parametersOf(schema: z.ZodObject, place: 'path' | 'query'): readonly Json[] {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input', target: 'draft-2020-12', unrepresentable: 'any' })
  return Object.entries(properties).map(([name, property]) => ({
    name, in: place, schema: property,
    required: place === 'path' || required.includes(name),
    // A list is the key again and again.
    ...(place === 'query' ? { style: 'form', explode: true } : {}),
  }))
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, target: 'draft-2020-12', unrepresentable: 'any' })
  return rest
}
