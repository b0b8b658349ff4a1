import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { Context } from 'hono'

/** The page as `npm run build` makes it. */
export const builtPage = path.join(import.meta.dirname, '..', '..', 'dist', 'web')

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.svg': 'image/svg+xml',
  '.png': 'image/png', '.ico': 'image/x-icon', '.woff2': 'font/woff2', '.webmanifest': 'application/manifest+json', '.txt': 'text/plain; charset=utf-8',
}
const compressible = new Set(['.html', '.js', '.css', '.svg', '.webmanifest', '.txt'])

interface Part {
  readonly type: string
  readonly etag: string
  /** Its name has a hash in it: another content has another name. */
  readonly lasting: boolean
  readonly plain: Buffer
  readonly br: Buffer | null
  readonly gzip: Buffer | null
}

/** Answers every GET that is no route of the API. It holds nothing of the company: the login page is in it. */
export type Pages = (context: Context) => Response

/** Reads the whole page into memory: what is not in the list cannot be asked for, whatever a path says. */
export async function openPages(folder: string = builtPage): Promise<Pages> {
  const parts = new Map<string, Part>()
  for (const name of await listFiles(folder)) parts.set(`/${name.split(path.sep).join('/')}`, await readPart(path.join(folder, name), name))
  const index = parts.get('/index.html')
  return (context) => {
    if (index === undefined) return notBuilt()
    const wanted = new URL(context.req.url).pathname
    // Addresses of the page are its router's; what looks like a file is one.
    const part = parts.get(wanted) ?? (path.posix.extname(wanted) === '' ? index : undefined)
    return part === undefined ? new Response('Not found\n', { status: 404, headers: { 'content-type': 'text/plain; charset=utf-8' } }) : answer(context, part)
  }
}

function answer(context: Context, part: Part): Response {
  const headers: Record<string, string> = {
    'content-type': part.type,
    etag: part.etag,
    'cache-control': part.lasting ? 'public, max-age=31536000, immutable' : 'no-cache',
    vary: 'accept-encoding',
  }
  if (context.req.header('if-none-match') === part.etag) return new Response(null, { status: 304, headers })
  const accepted = context.req.header('accept-encoding') ?? ''
  const encoding = part.br !== null && /\bbr\b/.test(accepted) ? 'br' : part.gzip !== null && /\bgzip\b/.test(accepted) ? 'gzip' : null
  if (encoding !== null) headers['content-encoding'] = encoding
  const body = encoding === null ? part.plain : (part[encoding] ?? part.plain)
  return new Response(new Uint8Array(body), { headers })
}

async function listFiles(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    return entries.filter((entry) => entry.isFile()).map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}

async function readPart(file: string, name: string): Promise<Part> {
  const plain = await readFile(file)
  const extension = path.extname(name)
  const packed = compressible.has(extension) && plain.length > 1024
  return {
    type: types[extension] ?? 'application/octet-stream',
    etag: `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`,
    lasting: name.startsWith(`assets${path.sep}`),
    plain,
    br: packed ? await promisify(brotliCompress)(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }) : null,
    gzip: packed ? await promisify(gzip)(plain) : null,
  }
}

function notBuilt(): Response {
  return new Response('The page is not built yet: run "npm run build", then start again. The API is under /api.\n', {
    status: 503, headers: { 'content-type': 'text/plain; charset=utf-8' },
  })
}
