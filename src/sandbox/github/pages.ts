import type { Hono } from 'hono'
import { routeOf, type SandboxEnv } from '../door.ts'
import { listFiles } from '../git/list-files.ts'
import { isBinary } from '../git/parse-objects.ts'
import { escapeHtml, pageHeaders } from '../html.ts'
import { readCommit } from './catalogue.ts'
import { gistId } from './gists.ts'
import { openConversations, pathOf } from './issue-search.ts'
import { encodePath } from './shapes.ts'
import type { Site } from './site.ts'

const style = 'body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem}pre{font:13px/1.5 ui-monospace,monospace;background:#f6f8fa;padding:1rem;overflow:auto}'
  + 'pre a{color:#8c959f;text-decoration:none;display:inline-block;min-width:3.5em;user-select:none}pre span:target{background:#fff8c5;display:inline-block;min-width:100%}'

function page(title: string, body: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title><style>${style}</style></head><body>${body}</body></html>`
}

function numberLines(text: string): string {
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines.map((line, index) => `<span id="L${index + 1}"><a href="#L${index + 1}">${index + 1}</a>${escapeHtml(line.replace(/\r$/, ''))}\n</span>`).join('')
}

/** The largest file shown, in bytes. */
const shownBytes = 2 * 1024 * 1024

function lost(): Response {
  return new Response(page('Not found', '<h1>404</h1><p>This is not the web page you are looking for.</p>'), { status: 404, headers: pageHeaders })
}

/** Pages for people, so that the link of an alert leads somewhere: `/{owner}/{name}/blob/{revision}/{path}#L3`. */
export function servePages(app: Hono<SandboxEnv>, site: Site): void {
  app.get('/', () => {
    const rows = site.catalogue.repositories.filter(({ state }) => state === 'public')
      .map(({ fullName, description }) => `<li><a href="/${escapeHtml(encodePath(fullName))}">${escapeHtml(fullName)}</a> ${escapeHtml(description ?? '')}</li>`)
    return new Response(page('A make-believe internet', `<h1>A make-believe internet</h1><p><a href="/slack">What arrived in Slack</a></p><ul>${rows.join('')}</ul>`), { headers: pageHeaders })
  })
  app.get('/:owner/:name', async (context) => {
    if (routeOf('GET', context.req.path) !== null) return context.notFound()
    const repository = site.catalogue.named(`${context.req.param('owner')}/${context.req.param('name')}`)?.repository
    const head = repository?.state === 'public' ? await readCommit(site.objects, repository, 'HEAD') : null
    if (repository === undefined || head === null) return lost()
    const files = (await listFiles(repository.gitDir, head.oid)).slice(0, 2_000)
    const base = `/${encodePath(repository.fullName)}/blob/${head.oid}`
    const rows = files.map((file) => `<li><a href="${escapeHtml(`${base}/${encodePath(file.path)}`)}">${escapeHtml(file.path)}</a></li>`)
    return new Response(page(repository.fullName, `<h1>${escapeHtml(repository.fullName)}</h1><p>${escapeHtml(repository.description ?? '')}</p><ul>${rows.join('')}</ul>`), { headers: pageHeaders })
  })
  app.get('/:owner/:name/:kind{issues|pull|discussions}/:number', (context) => {
    const { owner, name, kind, number } = context.req.param()
    const found = openConversations(site).find(({ conversation, repository }) =>
      repository === site.catalogue.named(`${owner}/${name}`)?.repository && pathOf(conversation) === `${kind}/${number}`)
    if (found === undefined) return lost()
    const { title, body, author, comments, reviewComments } = found.conversation
    const said = [{ author, body: body ?? '' }, ...comments, ...reviewComments].map((one) => `<h2>${escapeHtml(one.author)}</h2><pre>${escapeHtml(one.body)}</pre>`)
    return new Response(page(title, `<h1>${escapeHtml(title)}</h1>${said.join('')}`), { headers: pageHeaders })
  })
  app.get('/:owner/:name/commit/:oid', async (context) => {
    const { owner, name, oid } = context.req.param()
    const repository = site.catalogue.named(`${owner}/${name}`)?.repository ?? null
    const commit = repository?.state === 'public' ? await readCommit(site.objects, repository, oid) : null
    return commit === null ? lost() : new Response(page(commit.oid, `<h1>${escapeHtml(`${owner}/${name}`)}</h1><pre>${escapeHtml(commit.message)}</pre>`), { headers: pageHeaders })
  })
  app.get('/gist/:login/:id', (context) => {
    const gist = site.publications.gists().find((one) => gistId(one) === context.req.param('id') && one.blocked !== true)
    if (gist === undefined) return lost()
    const files = Object.entries(gist.files).map(([file, text]) => `<h2>${escapeHtml(file)}</h2><pre>${numberLines(text)}</pre>`)
    return new Response(page(gist.description ?? '', `<h1>${escapeHtml(gist.description ?? '')}</h1>${files.join('')}`), { headers: pageHeaders })
  })
  app.get('/:owner/:name/blob/:revision/:path{.+}', async (context) => {
    const { owner, name, revision, path } = context.req.param()
    const repository = site.catalogue.named(`${owner}/${name}`)?.repository ?? null
    const open = repository?.state === 'public' ? repository : null
    const header = open === null ? null : await site.objects.describe(open.gitDir, `${revision}:${path}`)
    const fits = header?.type === 'blob' && header.size <= shownBytes
    const blob = open === null || header === null || !fits ? null : await site.objects.read(open.gitDir, header.oid)
    if (open === null || blob === null) return lost()
    const text = isBinary(blob.bytes) ? '<p>Binary file.</p>' : `<pre>${numberLines(blob.bytes.toString('utf8'))}</pre>`
    const title = `${open.fullName}: ${path}`
    return new Response(page(title, `<h1>${escapeHtml(title)}</h1><p>at ${escapeHtml(revision)}</p>${text}`), { headers: pageHeaders })
  })
}
