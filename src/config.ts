import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { validateCron } from './queue/cron.ts'
import { interpolate, readVariable, type Environment, type Unset } from './config/interpolate.ts'
import { routingSettings } from './config/routing.ts'
import { metricsSettings } from './config/metrics.ts'
import { readPeople } from './config/read-people.ts'
import { seal, secretsIn } from './config/seal.ts'
import type { Frozen } from './contracts/frozen.ts'
import { Invalid, type Fault } from './errors.ts'
import { importSettings } from './importers/all.ts'
import { hostFault } from './inventory/check-name.ts'
import { describeIssues, quote } from './inventory/describe-issues.ts'
import { globFault, repositoryGlobFault } from './inventory/ignore.ts'
import { rawLine } from './inventory/raw-line.ts'
import { decodeText, readYaml } from './inventory/read-yaml.ts'
import { schemaAt, typeOf } from './inventory/walk-schema.ts'
import { notifierSettings } from './notifiers/settings.ts'
import { registrySettings } from './registries/settings.ts'
import { sourceSettings } from './sources/settings.ts'

export type { Environment, Unset } from './config/interpolate.ts'

const words = z.string().trim().min(1).max(200)
const cron = z.string().trim().check(says(validateCron))
const databaseUrl = z.string().check(says((value) => urlFault(value, ['postgres:', 'postgresql:'], 'postgres://user:password@host:5432/database')))
const redisUrl = z.string().check(says((value) => urlFault(value, ['redis:', 'rediss:'], 'redis://host:6379')))


/** The one table: every key of namesake.yaml, its rule, its default, what it is for. */
const table = z.strictObject({
  organization: z
    .strictObject({
      name: words.describe('Name of the company, for messages and as an anchor of codenames'),
      domains: z.array(words.toLowerCase().check(says(hostFault))).default([]).describe('Domains of the company: anchors of codenames'),
      github: z.array(words.check(says(ownerFault))).default([]).describe('Accounts that are us: what stands in their repositories is no leak'),
      contact: words.optional().describe('Address (e-mail or web) for those who wonder who asks; sent with every request. Absent: the first domain'),
    })
    .describe('Who we are'),
  inventory: z.array(rawLine).default([]).describe('What must not be public'),
  inventoryFiles: z.array(z.string().min(1).max(1000)).default([]).describe('More of it: .yaml (the same list), .csv (with a header), .txt (one name a line); relative to this file'),
  imports: z.array(importSettings).default([]).describe('Where names live: what "namesake inventory import" reads'),
  publicOnPurpose: z.array(z.string().trim().min(1).max(500)).default([]).describe('Names that a line above covers and that may be public'),
  ignore: z
    .strictObject({
      repositories: z.array(z.string().check(says(repositoryGlobFault))).default([]).describe('Repositories that are never reported, as owner/name with *'),
      paths: z.array(z.string().check(says(globFault))).default([]).describe('Paths that are never reported, with * and **'),
    })
    .prefault({})
    .describe('Where a mention is no leak'),
  matching: z
    .strictObject({
      nearWindow: z.int().min(1).max(10_000_000).nullable().default(null).describe('Bytes around a codename in which its near words count; null: the whole document'),
    })
    .prefault({})
    .describe('How names are recognised'),
  sources: sourceSettings.prefault({}).describe('Public places that are searched'),
  registries: registrySettings.prefault({}).describe('Public package registries: who could claim a leaked name, and who has'),
  notify: z
    .strictObject({
      baseline: z.boolean().default(true).describe('The first sweep is announced as one summary; false: every finding by itself'),
      digest: cron.default('0 9 * * *').describe('When further places of known findings are summed up: cron expression, in notify.timezone'),
      ...routingSettings,
      ...notifierSettings.shape,
    })
    .prefault({})
    .describe('Who is told'),
  metrics: metricsSettings.prefault({}).describe('The exposure of a quarter'),
  dataDir: z.string().min(1).max(1000).default('.namesake').describe('Embedded database and state; relative to this file'),
  database: z
    .strictObject({ url: databaseUrl.optional().meta({ secret: true }).describe('PostgreSQL; absent: DATABASE_URL, else the embedded database') })
    .prefault({})
    .describe('Where findings are kept'),
  queue: z
    .strictObject({ redisUrl: redisUrl.optional().meta({ secret: true }).describe('Redis; absent: REDIS_URL, else the queue lives in PostgreSQL') })
    .prefault({})
    .describe('Where pending work is kept'),
  web: z
    .strictObject({
      host: words.default('127.0.0.1').describe('Address to listen on'),
      port: z.int().min(1).max(65_535).default(8080).describe('Port to listen on'),
      url: z.string().check(says(originFault)).transform((value) => new URL(value).origin).optional().describe('Where people reach it, as https://namesake.acme-corp.com: for links, cookies and the check of origins. Needed when host is not this machine alone; absent: WEB_URL, else http://host:port'),
      trustProxy: z.boolean().default(false).describe('A proxy in front of it sets X-Forwarded-For: the last address in it is whose attempts to log in are counted. Never true without such a proxy'),
      oidc: z
        .strictObject({
          issuer: z.string().check(says(issuerFault)).describe('The identity provider, as its discovery document names it'),
          clientId: words.describe('Name under which namesake is registered there'),
          clientSecret: z.string().min(1).max(1000).meta({ secret: true }).describe('Secret that the provider gave for it'),
          allow: z.array(z.string().trim().toLowerCase().check(says(hostFault))).min(1).describe('Domains of e-mail addresses whose owners get an account when they log in'),
          trustEmail: z.boolean().default(false).describe('E-mail addresses of the provider count without email_verified too: only where people cannot choose their address there (one tenant of Entra ID, your own directory)'),
          roles: z
            .strictObject({
              claim: words.describe('Claim of the ID token with the groups of a person, such as groups'),
              administrator: z.array(words).default([]).describe('Groups whose people are administrators'),
              analyst: z.array(words).default([]).describe('Groups whose people are analysts'),
            })
            .optional()
            .describe('Roles by the groups of the provider, at each login; who is in none of them is a viewer. Absent: roles are given in the settings'),
        })
        .optional()
        .describe('Log in through an identity provider (OpenID Connect); register <url>/api/login/oidc/callback there'),
    })
    .prefault({})
    .describe('The web interface'),
  telemetry: z
    .strictObject({
      metrics: z
        .strictObject({
          token: z.string().min(16).max(500).optional().meta({ secret: true }).describe('Prometheus shows it as a bearer token. The web interface has GET /metrics only with one'),
          host: words.default('127.0.0.1').describe('Address of the listener of its own'),
          port: z.int().min(1).max(65_535).optional().describe('Port of a listener of its own, for GET /metrics alone, in the process scheduler; absent: only the web interface has it'),
        })
        .prefault({})
        .describe('Numbers for Prometheus'),
      otlpEndpoint: z.url({ protocol: /^https?$/ }).optional().describe('Where traces are sent (OTLP over HTTP), without /v1/traces; absent: OTEL_EXPORTER_OTLP_ENDPOINT, else there are none'),
    })
    .prefault({})
    .describe('How the service itself is watched'),
  log: z
    .strictObject({
      level: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info').describe('Least severe level that is written; absent: LOG_LEVEL'),
    })
    .prefault({})
    .describe('The log, on standard output'),
})

/** The configuration of a process: namesake.yaml with the environment put in, checked, complete, frozen. */
export type Config = Frozen<z.output<typeof table>> & {
  /** The file as the person named it, for messages. */
  readonly where: string
  /** Absolute folder of the file: what other paths in it are relative to. `dataDir` is absolute already. */
  readonly folder: string
  /** Keys that count as absent because their environment variable is not set. */
  readonly unset: readonly Unset[]
}

export interface LoadConfigOptions {
  /** The value of `--config`; else NAMESAKE_CONFIG, else ./namesake.yaml. */
  readonly path?: string | undefined
  readonly env: Environment
  /**
   * `inventory`: for work on this machine alone, which needs no token. Everything is checked all the same, but a row
   * of `remoteSections` that lacks an unset variable is left out instead of being a fault.
   */
  readonly for?: 'inventory'
}

/** Sections of which work on this machine alone uses nothing. */
const remoteSections = ['sources', 'registries', 'notify', 'database', 'queue', 'web'] as const

/** The environment of this process. Only entry points call it; everything below gets it handed in. */
export function environment(): Environment {
  return process.env
}

/**
 * Reads, checks and freezes the configuration. What stands in the file wins; DATABASE_URL, REDIS_URL, WEB_HOST, WEB_URL, LOG_LEVEL
 * and OTEL_EXPORTER_OTLP_ENDPOINT (or the file that NAME_FILE names) fill what the file leaves out.
 * Secrets are plain texts in it and print as `[hidden]`; see `config/seal.ts`.
 * @throws Invalid with every fault of the file at once: file, key, value (secrets never), what was expected
 */
export async function loadConfig(options: LoadConfigOptions): Promise<Config> {
  const { env } = options
  const { where, file } = locate(options)
  const written = readYaml(await readText(file, where, options), where) ?? {}
  const { value, faults: textFaults, unset, halfSet, fromEnvironment } = await interpolate(written, env, where)
  const filled = await fillFromEnvironment(value, written, env)
  convertTexts(value, fromEnvironment)
  const checked = table.safeParse(value, { reportInput: true })
  const issues = checked.success ? [] : describeIssues(checked.error.issues, { schema: table, written, where, missing: (key) => reasonFor(key, unset) })
  const found = distinct([...textFaults, ...filled.faults, ...issues, ...scheduleFaults(value, where), ...webFaults(value, where)])
  const lacking = options.for === 'inventory' ? found.filter(({ key }) => lacksVariable(key, unset, halfSet)) : []
  for (const { key } of lacking) leaveOut(value, key)
  const faults = found.filter((fault) => !lacking.includes(fault))
  const parsed = lacking.length === 0 ? checked : table.safeParse(value, { reportInput: true })
  if (faults.length > 0 || !parsed.success) throw new Invalid(faults.map((fault) => nameVariable(fault, filled.variables)))
  const folder = path.dirname(file)
  const { github } = parsed.data.sources
  const listed = github?.peopleFile === undefined ? [] : await readPeople(github.peopleFile, { where, folder })
  const config: Config = {
    ...parsed.data,
    ...(github === undefined ? {} : { sources: { ...parsed.data.sources, github: { ...github, people: [...new Set([...github.people, ...listed])] } } }),
    dataDir: path.resolve(folder, parsed.data.dataDir),
    where,
    folder,
    unset,
  }
  return seal(config, table)
}

/** Every secret of a configuration, for tests that look for them in what the program says. */
export function secretsOf(config: Config): readonly string[] {
  return secretsIn(config, table)
}

/**
 * JSON Schema (draft 2020-12) of namesake.yaml for editors. Where a rule would refuse `${NAME}`, that form is allowed
 * beside it; secrets are marked `writeOnly`.
 */
export function configJsonSchema(): object {
  return {
    title: 'namesake.yaml',
    ...z.toJSONSchema(table, { io: 'input', override: ({ jsonSchema }) => allowVariables(jsonSchema) }),
  }
}

function allowVariables(schema: z.core.JSONSchema.BaseSchema): void {
  if (schema['secret'] === true) {
    delete schema['secret']
    schema.writeOnly = true
  }
  const strict = ['format', 'pattern', 'enum', 'minimum'].some((key) => key in schema) || schema.type === 'boolean'
  const scalar = ['string', 'integer', 'number', 'boolean'].includes(String(schema.type))
  if (!strict || !scalar) return
  const rule: Record<string, unknown> = {}
  for (const key of Object.keys(schema)) {
    if (['title', 'description', 'default', 'writeOnly'].includes(key)) continue
    rule[key] = schema[key]
    delete schema[key]
  }
  schema.anyOf = [rule, { type: 'string', pattern: '\\$\\{[A-Za-z_][A-Za-z0-9_]*\\}' }]
}

/** Where the file is, as the person named it and absolute. */
function locate({ path: asked, env }: LoadConfigOptions): { readonly where: string; readonly file: string } {
  const fromEnvironment = env['NAMESAKE_CONFIG']
  const where = asked ?? (fromEnvironment === undefined || fromEnvironment === '' ? 'namesake.yaml' : fromEnvironment)
  return { where, file: path.resolve(where) }
}

/** An inventory belongs into a file of its own long before this. */
const maxBytes = 10 * 1024 * 1024

async function readText(file: string, where: string, { path: asked, env }: LoadConfigOptions): Promise<string> {
  let bytes: Uint8Array
  try {
    bytes = await readFile(file)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'
    if (code !== 'ENOENT') throw new Invalid([{ where, key: '', expected: `the file cannot be read: ${code}` }], { cause: error })
    const named = asked !== undefined ? '--config names it' : env['NAMESAKE_CONFIG'] ? 'NAMESAKE_CONFIG names it' : 'neither --config nor NAMESAKE_CONFIG is given'
    const expected = `there is no such file (looked for ${file}; ${named}); copy namesake.example.yaml to it, and put your names in`
    throw new Invalid([{ where, key: '', expected }], { cause: error })
  }
  if (bytes.length > maxBytes) throw new Invalid([{ where, key: '', expected: 'the file has more than 10 MB; move names into inventoryFiles' }])
  return decodeText(bytes, where)
}

/** Variables that apply when the file says nothing. */
const standIns = [
  { section: 'database', key: 'url', variable: 'DATABASE_URL' },
  { section: 'queue', key: 'redisUrl', variable: 'REDIS_URL' },
  { section: 'web', key: 'host', variable: 'WEB_HOST' },
  { section: 'web', key: 'url', variable: 'WEB_URL' },
  { section: 'log', key: 'level', variable: 'LOG_LEVEL' },
  // https://opentelemetry.io/docs/specs/otel/protocol/exporter/ (the exporter reads the other OTEL_EXPORTER_OTLP_* itself)
  { section: 'telemetry', key: 'otlpEndpoint', variable: 'OTEL_EXPORTER_OTLP_ENDPOINT' },
] as const

/** Adds them to what was read and to what is shown; answers which key came from which variable. */
async function fillFromEnvironment(value: unknown, written: unknown, env: Environment): Promise<{ readonly faults: Fault[]; readonly variables: ReadonlyMap<string, string> }> {
  const faults: Fault[] = []
  const variables = new Map<string, string>()
  for (const { section, key, variable } of standIns) {
    if (!isMapping(value) || (value[section] !== undefined && !isMapping(value[section])) || childOf(value[section], key) !== undefined) continue
    const read = await readVariable(variable, env)
    if (read.fault !== undefined) faults.push(read.fault)
    if (read.value === undefined) continue
    variables.set(`${section}.${key}`, variable)
    for (const root of [value, written]) {
      if (isMapping(root)) root[section] = { ...(isMapping(root[section]) ? root[section] : {}), [key]: read.value }
    }
  }
  return { faults, variables }
}

/** A fault of a value that came from a variable names the variable, not the file. */
function nameVariable(fault: Fault, variables: ReadonlyMap<string, string>): Fault {
  const variable = variables.get(fault.key)
  return variable === undefined ? fault : { ...fault, where: 'environment', key: variable }
}

/** The environment knows only texts: what stands where a number or true/false belongs becomes one, in place. */
function convertTexts(value: unknown, keys: ReadonlySet<string>): void {
  for (const key of keys) {
    const steps = key.split('.')
    const last = steps.pop() ?? ''
    const schema = schemaAt(table, [...steps, last])
    const parent = steps.reduce<unknown>(childOf, value)
    if (schema === undefined || !isMapping(parent)) continue
    const text = parent[last]
    if (typeof text !== 'string') continue
    if (typeOf(schema) === 'number' && /^-?\d{1,15}$/.test(text)) parent[last] = Number(text)
    if (typeOf(schema) === 'boolean' && (text === 'true' || text === 'false')) parent[last] = text === 'true'
  }
}

/** Adapters leave the check of their schedule to us. */
function scheduleFaults(value: unknown, where: string): Fault[] {
  return Object.entries(mappingOf(childOf(value, 'sources'))).flatMap(([name, row]) => {
    const schedule = childOf(row, 'schedule')
    const expected = typeof schedule === 'string' ? validateCron(schedule) : null
    return expected === null ? [] : [{ where, key: `sources.${name}.schedule`, value: quote(schedule), expected }]
  })
}

/** Whoever is reached from other machines has to know by which name: links, cookies and the check of origins hang on it. */
function webFaults(value: unknown, where: string): Fault[] {
  const web = childOf(value, 'web')
  const [host, url] = [childOf(web, 'host'), childOf(web, 'url')]
  if (url !== undefined) return []
  const expected = 'set web.url to the address by which people reach it, such as https://namesake.acme-corp.com'
  if (typeof host === 'string' && !isLoopback(host)) return [{ where, key: 'web.host', value: quote(host), expected }]
  return childOf(web, 'oidc') === undefined ? [] : [{ where, key: 'web.oidc', expected }]
}

/** The first fault of each key: the following ones are consequences. Unknown keys and missing ones have keys of their own. */
function distinct(faults: readonly Fault[]): Fault[] {
  const seen = new Set<string>()
  return faults.filter((fault) => {
    const place = `${fault.where}\n${fault.key}`
    if (seen.has(place)) return false
    seen.add(place)
    return true
  })
}

function reasonFor(key: string, unset: readonly Unset[]): string | undefined {
  const found = unset.find((entry) => entry.key === key || entry.key.startsWith(`${key}.`))
  return found === undefined ? undefined : `the environment variable ${found.variable} is not set`
}

/** Whether a fault of a row that may be left out is only that a variable is not set. */
function lacksVariable(key: string, unset: readonly Unset[], halfSet: ReadonlySet<string>): boolean {
  return remoteSections.some((section) => key.startsWith(`${section}.`)) && (halfSet.has(key) || reasonFor(key, unset) !== undefined)
}

/** Takes out the row in which a key stands, `sources.github` of `sources.github.token`, in place. */
function leaveOut(value: unknown, key: string): void {
  const [section = '', row = ''] = key.split('.')
  const rows = childOf(value, section)
  if (isMapping(rows)) delete rows[row]
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function mappingOf(value: unknown): Record<string, unknown> {
  return isMapping(value) ? value : {}
}

function childOf(value: unknown, key: string): unknown {
  return isMapping(value) && Object.hasOwn(value, key) ? value[key] : undefined
}

/** Turns a function that says what is wrong with a text (null: nothing) into a check of the table. */
function says(fault: (value: string) => string | null): (context: z.core.ParsePayload<string>) => void {
  return (context) => {
    const message = fault(context.value)
    if (message !== null) context.issues.push({ code: 'custom', message, input: context.value })
  }
}

function urlFault(value: string, protocols: readonly string[], example: string): string | null {
  return URL.canParse(value) && protocols.includes(new URL(value).protocol) ? null : `expected ${example}`
}

function originFault(value: string): string | null {
  if (!URL.canParse(value) || !/^https?:$/.test(new URL(value).protocol)) return 'expected https://namesake.acme-corp.com'
  const { pathname, search, hash, username } = new URL(value)
  return pathname === '/' && search === '' && hash === '' && username === '' ? null : 'expected only scheme, host and port: no path, as https://namesake.acme-corp.com'
}

/** What the provider says is believed: without TLS anybody between could say it. */
function issuerFault(value: string): string | null {
  const fault = urlFault(value, ['https:', 'http:'], 'https://login.acme-corp.com')
  if (fault !== null) return fault
  const { protocol, hostname } = new URL(value)
  return protocol === 'https:' || isLoopback(hostname) ? null : 'expected https:// (http:// only on this machine)'
}

/** Reached from this machine alone. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
}

/** Letters, digits and hyphens, at most 39; managed users of an enterprise have an underscore too. */
function ownerFault(value: string): string | null {
  return /^[a-z\d][a-z\d_-]{0,38}$/i.test(value) ? null : 'expected the name of an account or organisation, without https:// and @'
}
