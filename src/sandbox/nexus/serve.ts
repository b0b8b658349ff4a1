import { Hono } from 'hono'
import { isLetIn, serveAlone, type Alone, type Hiccups } from '../serve-alone.ts'

export interface NexusComponent {
  readonly group: string | null
  readonly name: string
  readonly version: string
  readonly blobCreated: string
}

export interface NexusRepository {
  readonly name: string
  readonly format: string
  readonly type: 'hosted' | 'proxy' | 'group'
  readonly components: readonly NexusComponent[]
}

export interface NexusOptions {
  /** Read at each request: a test may change them. */
  readonly repositories: () => readonly NexusRepository[]
  readonly login?: { readonly user: string; readonly password: string }
  /** Components of a page; the real one gives 10 to 50 and takes no wishes. */
  readonly pageSize?: number
  readonly hiccups?: () => Hiccups
}

/** A Nexus: repositories and the components API with its continuation tokens. https://help.sonatype.com/en/components-api.html */
export function startNexus({ repositories, login, pageSize = 50, hiccups = () => new Map() }: NexusOptions): Promise<Alone> {
  const authorization = login === undefined ? null : `Basic ${Buffer.from(`${login.user}:${login.password}`).toString('base64')}`
  const app = new Hono()
  const refused = (): Response => new Response('', { status: 401, headers: { 'www-authenticate': 'BASIC realm="Sonatype Nexus Repository Manager"' } })
  app.get('/service/rest/v1/repositories', (context) => {
    if (!isLetIn(context, authorization)) return refused()
    return Response.json(repositories().map(({ name, format, type }) => ({ name, format, type, url: `http://nexus.example/repository/${name}`, attributes: {} })))
  })
  app.get('/service/rest/v1/components', (context) => {
    if (!isLetIn(context, authorization)) return refused()
    const repository = repositories().find(({ name }) => name === context.req.query('repository'))
    if (repository === undefined) return new Response('', { status: 404 })
    const token = context.req.query('continuationToken')
    const start = token === undefined ? 0 : Number.parseInt(Buffer.from(token, 'hex').toString(), 10)
    if (!Number.isInteger(start)) return new Response('', { status: 406 })
    const end = start + pageSize
    const items = repository.components.slice(start, end).map(({ group, name, version, blobCreated }, at) => ({
      id: String(start + at), repository: repository.name, format: repository.format, group, name, version,
      assets: [{ path: `${name}-${version}`, blobCreated, lastModified: blobCreated }],
    }))
    return Response.json({ items, continuationToken: end < repository.components.length ? Buffer.from(String(end)).toString('hex') : null })
  })
  return serveAlone(app, hiccups)
}
