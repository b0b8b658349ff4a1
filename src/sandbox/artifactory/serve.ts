import { Hono } from 'hono'
import { isLetIn, serveAlone, type Alone, type Hiccups } from '../serve-alone.ts'

export interface ArtifactoryFile {
  readonly path: string
  readonly name: string
  readonly created: string
}

export interface ArtifactoryRepository {
  readonly key: string
  readonly type: 'LOCAL' | 'REMOTE' | 'VIRTUAL' | 'FEDERATED'
  readonly packageType: string
  readonly files: readonly ArtifactoryFile[]
}

export interface ArtifactoryOptions {
  /** Read at each request: a test may change them. */
  readonly repositories: () => readonly ArtifactoryRepository[]
  /** Absent: nobody is asked for one. */
  readonly token?: string
  /** The most rows of an answer, whatever the query asks for. */
  readonly hardLimit?: number
  readonly hiccups?: () => Hiccups
}

/**
 * An Artifactory: `GET /artifactory/api/repositories` and the one form of AQL that lists files, with sort, offset and
 * limit. https://jfrog.com/help/r/jfrog-rest-apis/artifactory-query-language
 */
export function startArtifactory({ repositories, token, hardLimit = Infinity, hiccups = () => new Map() }: ArtifactoryOptions): Promise<Alone> {
  const authorization = token === undefined ? null : `Bearer ${token}`
  const sorted = new WeakMap<readonly ArtifactoryFile[], readonly ArtifactoryFile[]>()
  const app = new Hono()
  const refused = (): Response => Response.json({ errors: [{ status: 401, message: 'Bad credentials' }] }, { status: 401 })
  app.get('/artifactory/api/repositories', (context) => {
    if (!isLetIn(context, authorization)) return refused()
    return Response.json(repositories().map(({ key, type, packageType }) => ({ key, type, packageType, url: `http://artifactory.example/${key}` })))
  })
  app.post('/artifactory/api/search/aql', async (context) => {
    if (!isLetIn(context, authorization)) return refused()
    const query = await context.req.text()
    const read = /^items\.find\((?<criteria>\{.*\})\)\.include\("repo","path","name","created"\)\.sort\(\{"\$asc":\["path","name"\]\}\)\.offset\((?<offset>\d+)\)\.limit\((?<limit>\d+)\)$/.exec(query)?.groups
    if (read === undefined || context.req.header('content-type')?.startsWith('text/plain') !== true) return Response.json({ errors: [{ status: 400, message: 'Failed to parse query' }] }, { status: 400 })
    const criteria: { repo?: string; name?: { $match?: string } } = JSON.parse(read['criteria'] ?? '{}')
    const repository = repositories().find(({ key }) => key === criteria.repo)
    const ending = (criteria.name?.$match ?? '*').slice(1)
    const all = repository?.files ?? []
    const ordered = sorted.get(all) ?? all.filter(({ name }) => name.endsWith(ending)).sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.name < b.name ? -1 : 1))
    sorted.set(all, ordered)
    const offset = Number(read['offset'])
    const limit = Number(read['limit'])
    const results = ordered.slice(offset, offset + Math.min(limit, hardLimit)).map((file) => ({ repo: criteria.repo, ...file }))
    // `total` counts the rows of the answer, not those of the query.
    const trimmed = limit > hardLimit ? { notification: 'AQL query reached the search hard limit, results are trimmed.' } : {}
    return Response.json({ results, range: { start_pos: offset, end_pos: offset + results.length, total: results.length, limit, ...trimmed } })
  })
  return serveAlone(app, hiccups)
}
