import type { Hono } from 'hono'
import { failOnTheWire, type SandboxContext, type SandboxEnv } from '../door.ts'
import { escapeHtml } from '../html.ts'
import type { Ad } from './ads.ts'

export interface JobBoardsOptions {
  readonly ads: Readonly<Record<string, readonly Ad[]>>
  readonly closing: AbortSignal
  /** Address of the sandbox. */
  readonly origin: string
}

type Answer = (ads: readonly Ad[], context: SandboxContext, board: string) => Response | Promise<Response>

/**
 * Boards of eleven providers below `/boards/<provider>`, each in the form of the real one: what is escaped twice, what
 * is missing from the list, how an unknown board answers.
 */
export function serveJobBoards(app: Hono<SandboxEnv>, { ads, closing, origin }: JobBoardsOptions): void {
  const page = (provider: string, id: number | string): string => `${origin}/boards/${provider}/jobs/${id}`
  const board = (method: 'get' | 'post', path: string, unknown: (context: SandboxContext) => Response, answer: Answer): void => {
    app[method](`/boards/${path}`, async (context) => {
      const failure = await failOnTheWire(context, closing)
      if (failure !== null) return failure
      const name = String(context.req.param('board' as never)) // every path has it; the router's types lose it behind the join
      const found = ads[name]
      return found === undefined ? unknown(context) : answer(found, context, name)
    })
  }
  const notFound = () => Response.json({ status: 404, error: 'Job not found' }, { status: 404 })
  const away = () => new Response(null, { status: 302, headers: { location: 'https://www.provider.example/' } })

  board('get', 'greenhouse/v1/boards/:board/jobs', notFound, (found) => Response.json({
    jobs: found.map((ad) => ({
      id: ad.id, internal_job_id: null, title: ad.title, updated_at: ad.updatedAt, first_published: ad.publishedAt, requisition_id: null,
      location: { name: 'Berlin' }, absolute_url: page('greenhouse', ad.id), language: 'en',
      metadata: ad.metadata?.map(({ name, value }, at) => ({ id: at + 1, name, value_type: 'multi_select', value })) ?? null,
      content: escapeHtml(`<p>About Acme</p>${bodyOf(ad)}`),
      departments: [{ id: 1, name: ad.department ?? 'Other', parent_id: null, child_ids: [] }], offices: [],
    })),
    meta: { total: found.length },
  }))
  board('get', 'greenhouse/v1/boards/:board/jobs/:id', notFound, (found, context) => {
    const ad = found.find(({ id }) => String(id) === context.req.param('id'))
    return ad === undefined ? notFound() : Response.json({
      id: ad.id, title: ad.title, absolute_url: page('greenhouse', ad.id), updated_at: ad.updatedAt, first_published: ad.publishedAt, content: escapeHtml(bodyOf(ad)),
      questions: [{ required: true, label: ad.question ?? 'First name', description: null, fields: [{ name: 'first_name', type: 'input_text', values: [] }] }],
      location_questions: [], compliance: null, pay_input_ranges: [],
    })
  })
  board('get', 'lever/v0/postings/:board', () => Response.json({ ok: false, error: 'Document not found' }, { status: 404 }), (found, context) => {
    const skip = Number(context.req.query('skip') ?? 0)
    const limit = Number(context.req.query('limit') ?? 100)
    return Response.json(found.slice(skip, skip + limit).map((ad) => ({
      id: `${ad.id}-uuid`, text: ad.title, categories: { team: ad.department, location: 'Berlin', allLocations: ['Berlin'] }, country: null,
      description: ad.html, descriptionBody: ad.html, descriptionPlain: '', lists: ad.list === undefined ? [] : [{ text: ad.list.title, content: ad.list.html }],
      additional: '', hostedUrl: page('lever', ad.id), applyUrl: page('lever', ad.id), createdAt: Date.parse(ad.publishedAt),
    })))
  })
  board('get', 'ashby/posting-api/job-board/:board', notFound, (found) => Response.json({
    apiVersion: '1',
    jobs: found.map((ad) => ({
      id: `${ad.id}-uuid`, title: ad.title, location: 'Berlin', secondaryLocations: [], department: ad.department ?? null, team: null, isListed: ad.unlisted !== true,
      descriptionHtml: bodyOf(ad), descriptionPlain: '', publishedAt: ad.publishedAt, jobUrl: page('ashby', ad.id), applyUrl: page('ashby', ad.id),
    })),
  }))
  board('get', 'workable/api/v1/widget/accounts/:board', () => Response.json({ jobs: [] }), (found) => Response.json({
    name: 'Acme', description: '<p>We build things.</p>',
    jobs: found.map((ad) => ({ title: ad.title, shortcode: `S${ad.id}`, url: page('workable', ad.id), department: ad.department ?? '', published_on: ad.publishedAt.slice(0, 10), locations: [], description: bodyOf(ad) })),
  }))
  board('get', 'recruitee/:board/api/offers/', notFound, (found) => Response.json({
    offers: found.map((ad) => ({
      id: ad.id, slug: `ad-${ad.id}`, title: ad.title, description: ad.html, requirements: ad.list?.html ?? '', department: ad.department ?? null, location: 'Berlin',
      careers_url: page('recruitee', ad.id), published_at: `${ad.publishedAt.slice(0, 10)} 10:00:00 UTC`, created_at: `${ad.publishedAt.slice(0, 10)} 09:00:00 UTC`, status: 'published',
      translations: ad.language === undefined ? {} : { [ad.language]: { title: ad.title, description: ad.html, requirements: '' } },
    })),
  }))
  board('get', 'teamtailor/:board/jobs.rss', notFound, (found) => xml(`<rss version="2.0" xmlns:tt="https://teamtailor.com/locations"><channel><title>Acme</title>${found.map((ad, at) =>
    `<item><title>${escapeHtml(ad.title)}</title><description>${at % 2 === 0 ? escapeHtml(bodyOf(ad)) : `<![CDATA[${bodyOf(ad)}]]>`}</description><pubDate>${new Date(ad.publishedAt).toUTCString()}</pubDate><link>${page('teamtailor', ad.id)}</link><remoteStatus>none</remoteStatus><guid>${ad.id}-uuid</guid><tt:department>${ad.department ?? ''}</tt:department><tt:locations><tt:location><tt:name>HQ</tt:name><tt:city>Berlin</tt:city></tt:location></tt:locations></item>`).join('')}</channel></rss>`))
  board('get', 'personio/:board/xml', notFound, (found, context) => {
    const language = context.req.query('language') ?? 'de'
    return xml(`<?xml version="1.0" encoding="UTF-8"?><workzag-jobs>${found.map((ad) => {
      const told = (ad.language ?? 'en') === language
      return `<position><id>${ad.id}</id><office>Berlin</office><department>${ad.department ?? ''}</department><name>${told ? escapeHtml(ad.title) : `Position ${ad.id}`}</name>${told ? `<jobDescriptions><jobDescription><name>Tasks</name><value><![CDATA[${bodyOf(ad)}]]></value></jobDescription></jobDescriptions>` : '<jobDescriptions/>'}<createdAt>${ad.publishedAt}</createdAt></position>`
    }).join('')}</workzag-jobs>`)
  })
  board('get', 'bamboohr/:board/careers/list', away, (found) => Response.json({
    meta: { totalCount: found.length }, result: found.map((ad) => ({ id: String(ad.id), jobOpeningName: ad.title, departmentLabel: ad.department ?? '', isRemote: null })),
  }))
  board('get', 'bamboohr/:board/careers/:id/detail', away, (found, context) => {
    const ad = found.find(({ id }) => String(id) === context.req.param('id'))
    return ad === undefined ? notFound() : Response.json({ result: { jobOpening: { jobOpeningName: ad.title, description: bodyOf(ad), datePosted: ad.publishedAt.slice(0, 10), jobOpeningShareUrl: page('bamboohr', ad.id) } } })
  })
  board('get', 'breezy/:board/json', away, (found, _context, name) => Response.json(found.map((ad) => ({
    id: `b${ad.id}`, friendly_id: `b${ad.id}-ad`, name: ad.title, url: `${origin}/boards/breezy/${name}/p/${ad.id}`, published_date: ad.publishedAt, department: ad.department ?? '', company: { name: 'Acme' },
  }))))
  board('get', 'breezy/:board/p/:id', away, (found, context) => {
    const ad = found.find(({ id }) => String(id) === context.req.param('id'))
    if (ad === undefined) return new Response('<html><body>gone</body></html>', { status: 404, headers: { 'content-type': 'text/html' } })
    const posting = JSON.stringify({ '@context': 'https://schema.org', '@graph': [{ '@type': ['JobPosting'], title: ad.title, description: escapeHtml(bodyOf(ad)), datePosted: ad.publishedAt }] })
    return new Response(`<html><head><script type="application/ld+json">${posting}</script></head><body><h1>Apply</h1></body></html>`, { headers: { 'content-type': 'text/html; charset=utf-8' } })
  })
  board('get', 'smartrecruiters/v1/companies/:board/postings', () => Response.json({ offset: 0, limit: 100, totalFound: 0, content: [] }), (found, context) => {
    const offset = Number(context.req.query('offset') ?? 0)
    const limit = Math.min(100, Number(context.req.query('limit') ?? 10))
    return Response.json({ offset, limit, totalFound: found.length, content: found.slice(offset, offset + limit).map((ad) => ({ id: `74399${ad.id}`, name: ad.title, releasedDate: ad.publishedAt })) })
  })
  board('get', 'smartrecruiters/v1/companies/:board/postings/:id', notFound, (found, context) => {
    const ad = found.find(({ id }) => `74399${id}` === context.req.param('id'))
    return ad === undefined ? notFound() : Response.json({ name: ad.title, postingUrl: page('smartrecruiters', ad.id), releasedDate: ad.publishedAt, jobAd: { sections: { jobDescription: { title: 'Job', text: bodyOf(ad) }, qualifications: { title: '', text: '' } } } })
  })
  board('post', 'workday/wday/cxs/:board/:site/jobs', notFound, async (found, context) => {
    const { limit, offset } = JSON.parse(await context.req.text()) as { limit: number; offset: number }
    if (limit > 20) return Response.json({ errorCode: 'HTTP_400' }, { status: 400 })
    return Response.json({ total: offset === 0 ? found.length : 0, jobPostings: found.slice(offset, offset + limit).map((ad) => ({ title: ad.title, externalPath: `/job/Berlin/Ad_R-${ad.id}`, postedOn: 'Posted 3 Days Ago' })), facets: [] })
  })
  board('get', 'workday/wday/cxs/:board/:site/job/Berlin/:slug', notFound, (found, context) => {
    const ad = found.find(({ id }) => `Ad_R-${id}` === context.req.param('slug'))
    return ad === undefined ? notFound() : Response.json({ jobPostingInfo: { title: ad.title, jobDescription: bodyOf(ad), jobReqId: `R-${ad.id}`, location: 'Berlin', startDate: ad.publishedAt.slice(0, 10), externalUrl: page('workday', ad.id) }, hiringOrganization: { name: 'Acme' } })
  })
}

function bodyOf({ html, list }: Ad): string {
  return list === undefined ? html : `${html}<h3>${list.title}</h3><ul>${list.html}</ul>`
}

function xml(text: string): Response {
  return new Response(text, { headers: { 'content-type': 'application/xml; charset=utf-8' } })
}
