import type { Hono } from 'hono'
import { failOnTheWire, gatewayPage, type SandboxContext, type SandboxEnv } from '../door.ts'
import type { RegistryQuestion, RegistryReply } from './answer.ts'
import { answerCrates } from './crates.ts'
import { answerDocker } from './docker.ts'
import { answerGo } from './go.ts'
import { answerMaven } from './maven.ts'
import { answerNpm } from './npm.ts'
import { answerNuget } from './nuget.ts'
import { answerOsv } from './osv.ts'
import { createWarehouse, type Stock, type Warehouse } from './packages.ts'
import { answerPackagist } from './packagist.ts'
import { answerPypi } from './pypi.ts'
import { answerRubygems } from './rubygems.ts'

const answers: Readonly<Record<string, (warehouse: Warehouse, question: RegistryQuestion) => RegistryReply>> = {
  crates: answerCrates,
  docker: answerDocker,
  go: answerGo,
  maven: answerMaven,
  npm: answerNpm,
  nuget: answerNuget,
  packagist: answerPackagist,
  pypi: answerPypi,
  rubygems: answerRubygems,
}

export interface SandboxRegistries extends Warehouse {
  /** Base URL of a registry, or of OSV (`osv`). */
  urlOf(registry: string): string
}

/** Package registries below `/registries/<id>/`, and OSV's records of malicious packages. */
export function serveRegistries(app: Hono<SandboxEnv>, stock: Stock, stage: { readonly url: string; readonly now: () => Date; readonly closing: AbortSignal }): SandboxRegistries {
  const warehouse = createWarehouse(stock)
  const urlOf = (registry: string) => `${stage.url}/registries/${registry}`

  async function answer(context: SandboxContext): Promise<Response> {
    const url = new URL(context.req.url)
    const [, , registry = '', ...segments] = url.pathname.split('/')
    const broken = (await failOnTheWire(context, stage.closing)) ?? misbehave(context, registry)
    if (broken !== null) return broken
    const question: RegistryQuestion = {
      // `a%2Fb` of npm is the name `a/b`, whatever the client encodes.
      path: segments.flatMap((segment) => decodeURIComponent(segment).split('/')).filter((segment) => segment !== ''),
      query: url.searchParams,
      headers: context.req.raw.headers,
      body: context.req.method === 'POST' ? await context.req.text() : '',
      base: urlOf(registry),
      now: stage.now(),
    }
    const reply = registry === 'osv' ? answerOsv(stock.malicious ?? [], question) : answers[registry]?.(warehouse, question)
    return respond(context, reply ?? { status: 404, text: 'no such registry' })
  }
  app.all('/registries/*', answer)
  return { ...warehouse, urlOf }
}

/** What stands before a registry: limits, doors, proxies. None of it says anything about a name. */
function misbehave(context: SandboxContext, registry: string): Response | null {
  const strike = context.get('strike')
  const limited = strike('registryLimit')
  if (limited !== null) {
    const headers = { 'retry-after': String(limited.amount) }
    return Response.json({ statusCode: 429, message: `Rate limit is exceeded. Try again in ${limited.amount} seconds.` }, { status: 429, headers })
  }
  if (strike('registryUnauthorized') !== null) return Response.json({ error: 'Unauthorized' }, { status: 401 })
  if (strike('registryForbidden') !== null) return new Response('Forbidden', { status: 403 })
  if (strike('registryPage') !== null) return page(200)
  if (strike('registryMissingPage') !== null) return page(404)
  if (registry === 'docker' && strike('dockerLimitAs404') !== null) return Response.json({ message: 'object not found' }, { status: 404 })
  return null
}

function page(status: number): Response {
  return new Response(gatewayPage, { status, headers: { 'content-type': 'text/html' } })
}

function respond(context: SandboxContext, { status, json, text, type, headers }: RegistryReply): Response {
  const body = json === undefined ? (text ?? '') : JSON.stringify(json)
  const truncated = json !== undefined && status === 200 && context.get('strike')('truncatedJson') !== null
  return new Response(truncated ? body.slice(0, Math.floor(body.length * 0.6)) : body, {
    status,
    headers: { 'content-type': type ?? (json === undefined ? 'text/plain' : 'application/json; charset=utf-8'), ...headers },
  })
}
