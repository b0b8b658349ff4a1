import { gzipSync } from 'node:zlib'
import { escapeHtml } from '../html.ts'

/** One thing that the make-believe company's web site serves. */
export interface Served {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
}

/** What a complete sweep of the site should and should not report. */
export interface SiteExpectation {
  readonly source: 'page' | 'web-assets'
  readonly identifier: string
  /** Where it stands: the beginning of the occurrence's address, without the origin. */
  readonly at: string
  readonly found: boolean
  readonly why: string
}

const html = (title: string, body: string, head = ''): Served => ({
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>${title}</title>${head}</head>\n<body>${body}</body></html>\n`,
})
const ld = (json: string): string => `<script type="application/ld+json">${json}</script>`
const script = (body: string, headers: Readonly<Record<string, string>> = {}): Served => ({ headers: { 'content-type': 'text/javascript', ...headers }, body })
const json = (value: unknown): Served => ({ headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) })
const xml = (body: string): Served => ({ headers: { 'content-type': 'application/xml' }, body: `<?xml version="1.0" encoding="UTF-8"?>\n${body}` })
const moved = (location: string): Served => ({ status: 302, headers: { location }, body: '' })

const platformPosting = {
  '@context': 'https://schema.org',
  '@type': 'JobPosting',
  title: 'Platform Engineer',
  // The whole markup is escaped once more, as many systems do.
  description: escapeHtml('<p>What you will do:</p><ul><li>run HermesBuilder</li><li>ship &amp; sleep</li></ul>'),
  datePosted: '2026-09-01',
  identifier: { '@type': 'PropertyValue', value: 'PE-1' },
}

const shopSources = {
  version: 3,
  file: 'app.3f2a.js',
  sources: ['webpack://shop/./src/flags.js', 'webpack://shop/./node_modules/@acme-corp/telemetry/index.js', 'webpack://shop/./package.json', 'webpack://shop/./node_modules/@acme-corporation/ui/index.js'],
  sourcesContent: [
    "import { isOn } from '@acme-corp/secret-flags'\nexport const beta = isOn('beta')\n",
    null,
    '{\n  "name": "shop",\n  "dependencies": {\n    "@acme-corp/cart-kit": "^3.1.0"\n  }\n}\n',
    'module.exports = "somebody else\'s"\n',
  ],
  names: ['beta', 'isOn'],
  mappings: 'AAAA',
}

/** Everything on the site, by path and query. `origin`: of the site itself. `edited`: the platform posting lost its name. */
export function contentOf(origin: string, { edited = false }: { readonly edited?: boolean } = {}): ReadonlyMap<string, Served> {
  const at = (path: string): string => `${origin}${path}`
  return new Map<string, Served>([
    ['/robots.txt', { headers: { 'content-type': 'text/plain' }, body: `# Acme\nUser-agent: *\nDisallow: /internal/\nDisallow: /\nUser-agent: NameSake\nDisallow: /internal/\nAllow: /internal/handbook$\nDisallow: /careers/jobs/tie\nAllow: /careers/jobs/tie\n\nSitemap: ${origin}/sitemap.xml\n` }],
    ['/', html('Acme Corp', '<h1>Acme</h1><a href="/careers">Careers</a> <a href="/about?utm_source=home#team">About</a><noscript>Please switch on scripts.</noscript>', '<script src="/assets/app.3f2a.js" defer></script><script src="https://cdn.analytics.example/a.js"></script><link rel="stylesheet" href="/assets/site.css"><link rel="modulepreload" href="/assets/chunk-vendor.js"><script>window.__config = { registry: "https://artifactory.acme-corp.com/npm" }</script>')],
    ['/about', html('About', '<p>We make <b>anvils</b>. Our friends at xacme-corp-auth and @acme-corporation/cart are other people.</p><!-- TODO: move to com.acmecorp.webfront --><script src="/legacy/old.js"></script><a href="/">home</a>')],

    ['/careers', html('Careers', `<h1>Work at Acme</h1><ul><li><a href="jobs/platform?gh_src=abc">wrong base</a><li><a href="/careers/jobs/platform?utm_campaign=x">Platform</a><li><a href="/careers/jobs/data">Data</a><li><a href="/careers/jobs/broken">Broken</a><li><a href="/careers/jobs/unreadable">Unreadable</a><li><a href="/careers/jobs/latin">Latin</a><li><a href="/careers/jobs/tie">Tie</a></ul>
<a href="/internal/wiki">intranet</a> <a href="/careers/metadata">m</a> <a href="/careers/loopback">l</a> <a href="/careers/circle">c</a> <a href="/careers/away">partner</a> <a href="/careers/gone">gone</a> <a href="/careers/brochure.pdf">brochure</a> <a href="mailto:jobs@acme-corp.com">mail</a> <a href="http://169.254.169.254/latest/meta-data/">x</a> <a href="http://[::ffff:127.0.0.1]:1/">y</a> <a href="/">home</a>`)],
    ['/careers/jobs/platform', edited
      ? html('Platform Engineer', '<h1>Platform Engineer</h1><p>Run our build farm.</p>', ld(JSON.stringify({ ...platformPosting, description: 'Run our build farm.' })))
      : html('Platform Engineer', '<h1>Platform Engineer</h1><p>See the description.</p>', ld(JSON.stringify(platformPosting)))],
    ['/careers/jobs/data', html('Data', '<h1>Data</h1>', ld(JSON.stringify({ '@graph': [{ '@type': 'WebSite', name: 'Acme' }, [{ '@type': ['Thing', 'JobPosting'], title: 'Data Engineer', description: '<p>You know <code>acmecorp-features</code> &amp;lt;inside out&amp;gt;.</p>', datePosted: '2026-08-15T09:00:00+02:00' }]] })))],
    ['/careers/jobs/broken', html('Broken', '<h1>Broken</h1>', ld('<!-- {"@type":"JobPosting","title":"Lead","description":"<p>First\nline: @acme-corp/build-cli</p>",} -->'))],
    ['/careers/jobs/unreadable', html('Unreadable', '<h1>Unreadable</h1><p>You will publish to <a href="https://artifactory.acme-corp.com/ui">our registry</a>.</p>', ld('{"@type":"JobPosting","title":'))],
    ['/careers/jobs/latin', { headers: { 'content-type': 'text/html' }, body: Buffer.from('<html><head><meta charset="windows-1252"><title>B\u00fcro</title></head><body><p>F\u00fcr Caf\u00e9-Freunde: acme-corp-auth.</p></body></html>', 'latin1') }],
    ['/careers/jobs/tie', html('Tie', '<p>Allow wins a tie: ACME-TIE-0001</p>')],
    ['/careers/jobs/unlisted', html('Unlisted', '<p>Only the sitemap leads here: <b>@acme-corp/</b>unlisted-kit</p>')],
    ['/careers/metadata', moved('http://169.254.169.254/latest/meta-data/')],
    ['/careers/loopback', moved('http://127.0.0.1:1/')],
    ['/careers/circle', moved('/careers/circle2')],
    ['/careers/circle2', html('Circle', '<a href="/careers/circle">round</a> and round')],
    ['/careers/away', moved('https://jobs.partner.example/acme')],
    ['/careers/brochure.pdf', { headers: { 'content-type': 'application/pdf' }, body: '%PDF-1.7 acme-corp-auth' }],
    ['/internal/wiki', html('Wiki', '<p>@acme-corp/forbidden-kit</p>')],

    ['/sitemap.xml', xml(`<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>${at('/sitemap-jobs.xml.gz')}</loc></sitemap><sitemap><loc>${at('/sitemap.xml')}</loc></sitemap><sitemap><loc>http://169.254.169.254/sitemap.xml</loc></sitemap></sitemapindex>`)],
    // Gzipped, and not said to be.
    ['/sitemap-jobs.xml.gz', { headers: { 'content-type': 'application/octet-stream' }, body: gzipSync(`<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"><url><loc> ${at('/careers/jobs/unlisted')} </loc><image:image><image:loc>${at('/careers/team.jpg')}</image:loc></image:image></url><url><loc>http://localhost/admin</loc></url></urlset>`) }],

    ['/assets/app.3f2a.js', script('/*! For license information please see app.3f2a.js.LICENSE.txt */\n(()=>{var r={p:""};r.p="/assets/";r.u=e=>"js/"+({7:"cart"}[e]||e)+"."+{7:"ab12",9:"cd34"}[e]+".chunk.js";import("./chunk-lazy.js");load("https://example.org/x.js");say("acme-corp-authx")})();\n//# sourceMappingURL=app.3f2a.js.map\n')],
    ['/assets/app.3f2a.js.map', { headers: { 'content-type': 'application/json' }, body: `)]}'\n${JSON.stringify(shopSources)}` }],
    ['/assets/app.3f2a.js.LICENSE.txt', { headers: { 'content-type': 'text/plain' }, body: '/*! acme-corp-auth v4.0.1, internal use only */\n' }],
    ['/assets/chunk-lazy.js', script('export default 1', { sourcemap: '/maps/lazy.json' })],
    ['/maps/lazy.json', json({ version: 3, sections: [{ offset: { line: 0, column: 0 }, map: { version: 3, sources: ['../node_modules/@acme-corp/lazy-kit/index.ts'], sourcesContent: ['export default 1'], names: [], mappings: '' } }] })],
    ['/assets/chunk-vendor.js', script('(function(){say("vendor")})()')],
    ['/assets/chunk-vendor.js.map', json({ version: 3, sources: ['webpack:///./node_modules/@acme-corp/hidden-kit/lib.js'], sourcesContent: ['// hidden'], names: [], mappings: '' })],
    ['/assets/js/cart.ab12.chunk.js', script('webpackChunk.push([[7],{1:(e,t,n)=>{n("@acme-corp/checkout-kit")}}])')],
    ['/assets/js/9.cd34.chunk.js', script(`eval("1\\n//# sourceMappingURL=data:application/json;charset=utf-8;base64,${Buffer.from(JSON.stringify({ version: 3, sources: ['webpack://shop/./src/eval.js'], sourcesContent: ["require('@acme-corp/eval-kit')\n"], names: [], mappings: '' })).toString('base64')}")`)],
    ['/assets/site.css', { headers: { 'content-type': 'text/css' }, body: 'a{color:red}\n/*# sourceMappingURL=data:application/json,%7B%22version%22%3A3%2C%22sources%22%3A%5B%22node_modules%2F%40acme-corp%2Fcss-kit%2Fa.scss%22%5D%2C%22names%22%3A%5B%5D%2C%22mappings%22%3A%22%22%7D */\n' }],
    ['/legacy/old.js', script('define(["@acme-corp/legacy-kit"],function(){})\n//# sourceMappingURL=nowhere.js.map\n')],
    ['/asset-manifest.json', json({ files: { 'main.js': '/assets/app.3f2a.js', 'orphan.js': '/assets/orphan.77aa.js' }, entrypoints: ['assets/app.3f2a.js'] })],
    ['/assets/orphan.77aa.js', script('import "@acme-corp/orphan-kit"')],
  ])
}

const page = (identifier: string, at: string, why: string, found = true): SiteExpectation => ({ source: 'page', identifier, at, found, why })
const asset = (identifier: string, at: string, why: string, found = true): SiteExpectation => ({ source: 'web-assets', identifier, at, found, why })

export const siteExpectations: readonly SiteExpectation[] = [
  page('HermesBuilder', '/careers/jobs/platform', 'a codename in a list item of a description that is escaped twice; on our own page it needs no other word'),
  page('acmecorp-features', '/careers/jobs/data', 'in a graph, in a list, of two types'),
  page('@acme-corp/build-cli', '/careers/jobs/broken', 'JSON with a raw line break, a trailing comma and a comment around it'),
  page('artifactory.acme-corp.com', '/careers/jobs/unreadable', 'structured data beyond repair, but the page itself is read: the address of a link'),
  page('acme-corp-auth', '/careers/jobs/latin', 'another charset, told by the page alone'),
  page('ACME-TIE-0001', '/careers/jobs/tie', 'robots.txt: Allow wins a tie'),
  page('@acme-corp/unlisted-kit', '/careers/jobs/unlisted', 'only a gzipped sitemap leads there; the name is cut by an element'),
  page('com.acmecorp.webfront', '/about', 'a comment'),
  page('@acme-corp/forbidden-kit', '/internal/wiki', 'robots.txt forbids it: not read', false),
  page('acme-corp-auth', '/about', 'a near miss', false),
  page('acme-corp-auth', '/careers/brochure.pdf', 'a PDF is not read', false),

  asset('artifactory.acme-corp.com', '/', 'a script inside of the page'),
  asset('@acme-corp/secret-flags', '/assets/app.3f2a.js.map', 'a source file that only the source map has'),
  asset('@acme-corp/telemetry', '/assets/app.3f2a.js.map', 'a module path without its text'),
  asset('@acme-corp/cart-kit', '/assets/app.3f2a.js.map', 'an embedded package.json'),
  asset('acme-corp-auth', '/assets/app.3f2a.js.LICENSE.txt', 'a licence banner that the bundler split off'),
  asset('@acme-corp/lazy-kit', '/maps/lazy.json', 'a map that a header names, with sections'),
  asset('@acme-corp/hidden-kit', '/assets/chunk-vendor.js.map', 'a map that nothing names'),
  asset('@acme-corp/checkout-kit', '/assets/js/cart.ab12.chunk.js', 'a chunk whose name webpack puts together'),
  asset('@acme-corp/eval-kit', '/assets/js/9.cd34.chunk.js', 'a map inside of an eval'),
  asset('@acme-corp/css-kit', '/assets/site.css', 'a map inside of a style sheet'),
  asset('@acme-corp/legacy-kit', '/legacy/old.js', 'a script of another page, whose map is gone'),
  asset('@acme-corp/orphan-kit', '/assets/orphan.77aa.js', 'only a manifest lists it'),
  asset('acme-corp-auth', '/assets/app.3f2a.js', 'a near miss', false),
  asset('@acme-corp/forbidden-kit', '/internal/wiki', 'robots.txt forbids it', false),
]
