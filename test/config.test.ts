import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { parse } from 'yaml'
import { configJsonSchema, environment, loadConfig, secretsOf, type Config, type Environment } from '../src/config.ts'
import { Invalid } from '../src/errors.ts'

const root = path.join(import.meta.dirname, '..')
const example = path.join(root, 'namesake.example.yaml')
const organization = 'organization: { name: Acme }'
const token = 'ghp_neverShown'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'namesake-config-'))
})
afterAll(() => rm(folder, { recursive: true }))

let count = 0
async function file(content: string | Uint8Array): Promise<string> {
  count += 1
  const name = path.join(folder, `${count}.yaml`)
  await writeFile(name, content)
  return name
}

async function load(content: string, env: Environment = {}): Promise<Config> {
  return loadConfig({ path: await file(content), env })
}

/** The lines of the message, without the folder of the test. */
async function faultsOf(content: string | Uint8Array, env: Environment = {}): Promise<string[]> {
  const name = await file(content)
  const error = await loadConfig({ path: name, env }).then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof Invalid)) throw new Error('expected Invalid', { cause: error })
  return error.message.replaceAll(name, 'namesake.yaml').split('\n')
}

describe('the file', () => {
  test('the example of the contract loads', async () => {
    const config = await loadConfig({ path: example, env: { GITHUB_TOKEN: 'a', STACKEXCHANGE_KEY: 'b', SLACK_WEBHOOK_URL: 'https://hooks.example.test/c', DATABASE_URL: 'postgres://h/d', REDIS_URL: 'redis://h:6379' } })
    expect(config.organization).toEqual({ name: 'Acme Corp', domains: ['acme-corp.com'], github: ['acme-corp'] })
    expect(config.inventory).toHaveLength(7)
    expect(config.sources.github?.token).toBe('a')
    expect(config.notify.slack?.webhookUrl).toBe('https://hooks.example.test/c')
    expect(config.database.url).toBe('postgres://h/d')
    expect(config.queue.redisUrl).toBe('redis://h:6379')
    expect(config.dataDir).toBe(path.join(root, '.namesake'))
    expect(config.unset).toEqual([])
  })

  test('the example loads with nothing but a token set, and says what counts as absent', async () => {
    const config = await loadConfig({ path: example, env: { GITHUB_TOKEN: 'a' } })
    expect(config.database.url).toBeUndefined()
    expect(config.queue.redisUrl).toBeUndefined()
    expect(config.notify.slack).toBeUndefined()
    expect(config.unset).toContainEqual({ key: 'notify.slack.webhookUrl', variable: 'SLACK_WEBHOOK_URL' })
    expect(config.unset.map(({ variable }) => variable).sort()).toEqual(['DATABASE_URL', 'REDIS_URL', 'SLACK_WEBHOOK_URL', 'STACKEXCHANGE_KEY'])
  })

  test('a name of the company is all that is needed', async () => {
    const config = await load(organization)
    expect(config).toMatchObject({
      inventory: [],
      inventoryFiles: [],
      publicOnPurpose: [],
      ignore: { repositories: [], paths: [] },
      matching: { nearWindow: null },
      sources: {},
      notify: { baseline: true, digest: '0 9 * * *', timezone: 'UTC', routes: [], storm: { more: 10, within: 600_000 }, escalate: [] },
      database: {},
      queue: {},
      web: { host: '127.0.0.1', port: 8080, trustProxy: false },
      log: { level: 'info' },
    })
  })

  test('dataDir is relative to the file, not to where the command was started', async () => {
    expect((await load(organization)).dataDir).toBe(path.join(folder, '.namesake'))
    expect((await load(`${organization}\ndataDir: ../elsewhere`)).dataDir).toBe(path.join(path.dirname(folder), 'elsewhere'))
    expect((await load(`${organization}\ndataDir: /var/lib/namesake`)).dataDir).toBe('/var/lib/namesake')
  })

  test('a byte order mark and CRLF change nothing', async () => {
    expect((await load(`\ufeff${organization}\r\nweb: { port: 81 }\r\n`)).web.port).toBe(81)
  })

  test('--config wins over NAMESAKE_CONFIG, which wins over ./namesake.yaml', async () => {
    const one = await file('organization: { name: One }')
    const other = await file('organization: { name: Other }')
    expect((await loadConfig({ path: one, env: { NAMESAKE_CONFIG: other } })).organization.name).toBe('One')
    expect((await loadConfig({ env: { NAMESAKE_CONFIG: other } })).organization.name).toBe('Other')
    await expect(loadConfig({ env: { NAMESAKE_CONFIG: path.join(folder, 'none.yaml') } })).rejects.toThrow('NAMESAKE_CONFIG names it')
  })

  test('a missing file is one sentence: where it was looked for, and how to make one', async () => {
    const missing = path.join(folder, 'none.yaml')
    const error = await loadConfig({ path: missing, env: {} }).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(Invalid)
    expect(String(error)).toContain(`looked for ${missing}; --config names it`)
    expect(String(error)).toContain('copy namesake.example.yaml')
  })

  test('what cannot be read is a fault, not an empty configuration', async () => {
    await expect(loadConfig({ path: folder, env: {} })).rejects.toThrow('the file cannot be read: EISDIR')
    expect(await faultsOf(new Uint8Array([0x6f, 0x3a, 0x20, 0xff, 0xfe]))).toEqual(['namesake.yaml: the file is not UTF-8; save it as UTF-8'])
    expect((await faultsOf(Buffer.from(organization, 'utf16le')))[0]).toContain('not UTF-8')
    expect(await faultsOf('')).toEqual(['namesake.yaml: organization: missing; expected keys with values'])
    expect(await faultsOf('- a list')).toEqual(['namesake.yaml: expected keys with values (got a list)'])
    expect((await faultsOf(`#${' '.repeat(10 * 1024 * 1024)}\n${organization}`))[0]).toContain('more than 10 MB')
  })

  test('the configuration is frozen all the way down', async () => {
    const config = await loadConfig({ path: example, env: { GITHUB_TOKEN: 'a' } })
    const loose: string[] = []
    const visit = (value: unknown, key: string): void => {
      if (typeof value !== 'object' || value === null) return
      if (!Object.isFrozen(value)) loose.push(key)
      for (const [name, inner] of Object.entries(value)) visit(inner, `${key}.${name}`)
    }
    visit(config, 'config')
    expect(loose).toEqual([])
  })

  test('the environment is that of this process', () => {
    expect(environment()).toBe(process.env)
  })
})

describe('YAML', () => {
  test.each([
    ['a key that stands twice, with line and column', `${organization}\nweb: { port: 1 }\nweb: { port: 2 }`, 'namesake.yaml:3:1: the key "web" stands here twice'],
    ['a name without quotes', `${organization}\npublicOnPurpose: [@acme/x]`, 'namesake.yaml:2:19: a text that starts with @ ` or % must stand in quotes'],
    ['a tab', `organization:\n\tname: Acme`, 'namesake.yaml:2:1: indent with spaces, not with tabs'],
    ['an open bracket', `${organization}\nignore: { paths: [a\n`, 'is not closed'],
    ['a second document', `${organization}\n---\nx: 1`, 'only one document'],
    ['an alias', `${organization}\ndataDir: *here`, 'aliases (*name) are not understood'],
    ['an alias of itself', `organization: &x { name: *x }`, 'aliases (*name) are not understood'],
    ['a tag', `organization: !secret { name: Acme }`, 'tags such as !name are not understood'],
    ['a key that is no text', `? [a]\n: b\n`, 'a key must be a text'],
    ['brackets without end', '['.repeat(100_000), 'namesake.yaml:1:'],
  ])('%s is a fault', async (_case, content, expected) => {
    expect((await faultsOf(content)).join('\n')).toContain(expected)
  })

  test('a syntax error never quotes the file', async () => {
    const message = (await faultsOf(`sources: { github: { token: "${token}\n  web: {`)).join('\n')
    expect(message).not.toContain(token)
    expect(message).not.toBe('')
  })
})

describe('faults', () => {
  test('all faults of a file come at once, each with file, key, value and what was expected', async () => {
    const faults = await faultsOf(`
organisation: { name: x }
organization: { name: '', domains: ['https://x'], github: ['a/b'] }
inventory: [{ nam: x }, { name: x, ecosystem: nmp }]
inventoryFiles: inventory.csv
ignore: { repositories: ['*/*', x], paths: ['**'] }
matching: { nearWindow: wide }
sources: { github: { tokn: x, apiUrl: ftp://x, schedule: '* * * * 9' }, githb: {}, stackexchange: { schedule: '61 * * * *' } }
registries: { npm: { url: npm.example.test } }
notify: { baseline: perhaps, digest: daily }
dataDir: 7
database: { url: mysql://h/d }
queue: { redisUrl: 'h:6379' }
web: { port: 70000, host: '\${NOT_SET}.test' }
log: { level: loud }
`)
    expect([...faults].sort()).toEqual([
      'namesake.yaml: dataDir: expected a text (in quotes) (got 7)',
      'namesake.yaml: database.url: expected postgres://user:password@host:5432/database (got [hidden])',
      'namesake.yaml: ignore.paths.0: this would ignore everything; name an owner, a folder or an ending (got "**")',
      'namesake.yaml: ignore.repositories.0: this would ignore everything; name an owner, a folder or an ending (got "*/*")',
      'namesake.yaml: ignore.repositories.1: expected owner/name, with * for any text (acme-corp/*) (got "x")',
      'namesake.yaml: inventory.0.nam: unknown key; did you mean "name"?',
      'namesake.yaml: inventory.1.ecosystem: expected npm, pypi, maven, nuget, rubygems, crates, packagist, go or docker (got "nmp")',
      'namesake.yaml: inventoryFiles: expected a list (got "inventory.csv")',
      'namesake.yaml: log.level: expected fatal, error, warn, info, debug, trace or silent (got "loud")',
      'namesake.yaml: matching.nearWindow: expected a number (got "wide")',
      'namesake.yaml: notify.baseline: expected true or false (got "perhaps")',
      'namesake.yaml: notify.digest: a cron expression has five fields (minute, hour, day of month, month, day of week), not 1 (got "daily")',
      'namesake.yaml: organisation: unknown key; did you mean "organization"?',
      'namesake.yaml: organization.domains.0: expected a host name with a dot, without https://, port and path (got "https://x")',
      'namesake.yaml: organization.github.0: expected the name of an account or organisation, without https:// and @ (got "a/b")',
      'namesake.yaml: organization.name: expected at least 1 character(s) (got "")',
      'namesake.yaml: queue.redisUrl: expected redis://host:6379 (got [hidden])',
      'namesake.yaml: registries.npm.url: expected a URL (https://…) (got "npm.example.test")',
      'namesake.yaml: sources.githb: unknown key; did you mean "github"?',
      'namesake.yaml: sources.github.apiUrl: expected a URL (https://…) (got "ftp://x")',
      'namesake.yaml: sources.github.schedule: 9 is not valid for the week day (got "* * * * 9")',
      'namesake.yaml: sources.github.token: missing; expected a text (in quotes)',
      'namesake.yaml: sources.github.tokn: unknown key; did you mean "token"?',
      'namesake.yaml: sources.stackexchange.schedule: 61 is not valid for the minute (got "61 * * * *")',
      'namesake.yaml: web.host: the environment variable NOT_SET is not set, and the text around it needs it',
      'namesake.yaml: web.port: expected a number of at most 65535 (got 70000)',
    ])
  })

  test('a key that is like no other is answered with the known ones', async () => {
    expect(await faultsOf(`${organization}\nweb: { address: x }`)).toEqual(['namesake.yaml: web.address: unknown key; known here: host, port, url, trustProxy, oidc'])
    expect(await faultsOf(`${organization}\n__proto__: { x: 1 }`)).toEqual(['namesake.yaml: __proto__: unknown key'])
  })

  test('a board names its kind', async () => {
    expect(await faultsOf(`${organization}\nsources: { jobs: { boards: [{ type: grenhouse }] } }`)).toEqual([
      'namesake.yaml: sources.jobs.boards.0.type: expected ashby or bamboohr or breezy or greenhouse or lever or page or personio or recruitee or smartrecruiters or teamtailor or workable or workday (got "grenhouse")',
    ])
    expect(await faultsOf(`${organization}\nsources: { jobs: { boards: [{ type: lever, board: acme }] } }`)).toEqual([
      'namesake.yaml: sources.jobs.boards.0.site: missing; expected a text (in quotes)',
      'namesake.yaml: sources.jobs.boards.0.board: unknown key; known here: type, site, apiUrl',
    ])
  })

  test.each(['*/10 * * * *', '0 9 * * *', '0,30 8-18 * * 1-5', '0 0 1 jan *', '@daily', '0 0 1-31/2 * 7', ' 0 6 * * * '])('the schedule %j is one', async (schedule) => {
    expect((await load(`${organization}\nnotify: { digest: '${schedule}' }`)).notify.digest).toBe(schedule.trim())
  })

  test.each(['60 * * * *', '* 24 * * *', '* * 0 * *', '* * * 13 *', '* * * * 8', '*/0 * * * *', '*/ * * * *', '5/15 * * * *', '1-2-3 * * * *', '* * * * * *', '1, * * * *', 'a * * * *', '1/2/3 * * * *', '* * * foo *'])(
    'the schedule %j is none',
    async (schedule) => {
      expect((await faultsOf(`${organization}\nnotify: { digest: '${schedule}' }`)).join()).toContain('notify.digest: ')
    },
  )

  test.each(['0', '65536', '1.5', '-1', 'null', '"8080"'])('the port %s is none', async (port) => {
    expect((await faultsOf(`${organization}\nweb: { port: ${port} }`)).join()).toMatch(/^namesake\.yaml: web\.port: expected /)
  })
})

describe('the page', () => {
  const oidc = 'oidc: { issuer: https://login.acme-corp.com, clientId: a, clientSecret: b, allow: [Acme-Corp.com] }'

  test('that other machines reach has to know by which name', async () => {
    expect(await faultsOf(`${organization}\nweb: { host: 0.0.0.0 }`)).toEqual([
      'namesake.yaml: web.host: set web.url to the address by which people reach it, such as https://namesake.acme-corp.com (got "0.0.0.0")',
    ])
    expect((await load(`${organization}\nweb: { host: 0.0.0.0, url: 'https://namesake.acme-corp.com/' }`)).web).toMatchObject({ url: 'https://namesake.acme-corp.com' })
  })

  test.each(['127.0.0.1', '127.1.2.3', '::1', 'localhost'])('needs no name on this machine alone: %s', async (host) => {
    expect((await load(`${organization}\nweb: { host: '${host}' }`)).web.url).toBeUndefined()
  })

  test('takes address and name from the environment when the file is silent', async () => {
    expect((await load(organization, { WEB_HOST: '0.0.0.0', WEB_URL: 'https://n.example' })).web).toMatchObject({ host: '0.0.0.0', url: 'https://n.example' })
  })

  test.each(['https://n.example/base', 'ftp://n.example', 'n.example', 'https://user@n.example', 'https://n.example?x'])('has an origin and no more: %s', async (url) => {
    expect((await faultsOf(`${organization}\nweb: { url: '${url}' }`)).join()).toMatch(/^namesake\.yaml: web\.url: expected /)
  })

  test('sends people back from the identity provider to a name, and keeps the secret', async () => {
    expect((await faultsOf(`${organization}\nweb: { ${oidc} }`)).join()).toContain('web.oidc: set web.url')
    const config = await load(`${organization}\nweb: { url: 'https://n.example', ${oidc.replace('clientSecret: b', 'clientSecret: neverShown')} }`)
    expect(config.web.oidc?.allow).toEqual(['acme-corp.com'])
    expect(inspect(config, { depth: 9 }) + JSON.stringify(config)).not.toContain('neverShown')
  })
})

describe('environment variables in the file', () => {
  test('are put in, also inside a longer text, and what they hold is not read again', async () => {
    const config = await load(`organization: { name: "\${NAME}" }\ndataDir: "/data/\${NAME}-\${NAME}/x"`, { NAME: '${OTHER}', OTHER: 'never' })
    expect(config.organization.name).toBe('${OTHER}')
    expect(config.dataDir).toBe('/data/${OTHER}-${OTHER}/x')
  })

  test('become numbers and truth values where those belong, and stay texts elsewhere', async () => {
    const config = await load(`organization: { name: "\${NUMBER}" }\nweb: { port: "\${NUMBER}" }\nnotify: { baseline: "\${FALSE}" }`, { NUMBER: '8081', FALSE: 'false' })
    expect(config.organization.name).toBe('8081')
    expect(config.web.port).toBe(8081)
    expect(config.notify.baseline).toBe(false)
  })

  test.each([{}, { NAME: '' }])('that are not set, or empty, make the key absent: %j', async (env) => {
    const config = await load(`${organization}\nweb: { host: localhost, port: "\${NAME}" }`, env)
    expect(config.web).toEqual({ host: 'localhost', port: 8080, trustProxy: false })
    expect(config.unset).toEqual([{ key: 'web.port', variable: 'NAME' }])
  })

  test('that are not set, where the key is required, are named', async () => {
    expect(await faultsOf(`${organization}\nsources: { github: { token: "\${GITHUB_TOKEN}", schedule: '0 * * * *' } }`)).toEqual([
      'namesake.yaml: sources.github.token: missing; the environment variable GITHUB_TOKEN is not set',
    ])
    expect(await faultsOf('organization: { name: "${COMPANY}" }')).toEqual(['namesake.yaml: organization: missing; the environment variable COMPANY is not set'])
  })

  test('that are not set take an entry out of a list', async () => {
    expect((await load(`${organization}\ninventoryFiles: [a.txt, "\${MORE}"]`)).inventoryFiles).toEqual(['a.txt'])
  })

  test('inside a longer text must be set', async () => {
    expect(await faultsOf(`${organization}\ndataDir: "/data/\${NAME}"`, { NAME: '' })).toEqual([
      'namesake.yaml: dataDir: the environment variable NAME is not set, and the text around it needs it',
    ])
  })

  test('can be written as they are', async () => {
    expect((await load(`organization: { name: "$\${NAME} and $" }`, { NAME: 'x' })).organization.name).toBe('${NAME} and $')
  })

  test.each(['${TOKEN:-none}', '${}', '${1A}', 'x ${MY-TOKEN}', '${OPEN'])('in the form %j are a fault, not a text', async (text) => {
    expect(await faultsOf(`organization: { name: '${text}' }`)).toEqual([expect.stringContaining('organization.name: expected a name after ${')])
  })

  test('are not looked for in keys', async () => {
    expect((await faultsOf(`${organization}\n"\${X}": 1`, { X: 'web' }))[0]).toContain('${X}: unknown key')
  })

  test('fall back to the file that NAME_FILE names, without its last newline', async () => {
    const secret = path.join(folder, 'secret')
    await writeFile(secret, 'Acme\nCorp\n')
    const content = 'organization: { name: "${NAME}" }'
    expect((await load(content, { NAME_FILE: secret })).organization.name).toBe('Acme\nCorp')
    expect((await load(content, { NAME: '', NAME_FILE: secret })).organization.name).toBe('Acme\nCorp')
    expect((await load(content, { NAME: 'Direct', NAME_FILE: secret })).organization.name).toBe('Direct')
    await writeFile(secret, '\n')
    expect(await faultsOf(content, { NAME_FILE: secret })).toEqual(['namesake.yaml: organization: missing; the environment variable NAME is not set'])
  })

  test('whose file cannot be read are a fault that names the file', async () => {
    const content = `${organization}\ndatabase: { url: "\${DB}" }`
    expect(await faultsOf(content, { DB_FILE: '/nowhere/db' })).toEqual(['environment: DB_FILE: the file cannot be read: ENOENT (got "/nowhere/db")'])
    expect((await faultsOf(content, { DB_FILE: folder })).join()).toContain('cannot be read: EISDIR')
    const large = path.join(folder, 'large')
    await writeFile(large, 'x'.repeat(100_000))
    expect((await faultsOf(content, { DB_FILE: large })).join()).toContain('cannot be read: too large')
  })
})

describe('variables that stand in for the file', () => {
  test('apply when the file is silent, and yield when it speaks', async () => {
    const env = { DATABASE_URL: 'postgres://env/d', REDIS_URL: 'redis://env', LOG_LEVEL: 'debug' }
    const silent = await load(organization, env)
    expect([silent.database.url, silent.queue.redisUrl, silent.log.level]).toEqual(['postgres://env/d', 'redis://env', 'debug'])
    const speaking = await load(`${organization}\ndatabase: { url: postgres://file/d }\nqueue: { redisUrl: redis://file }\nlog: { level: warn }`, env)
    expect([speaking.database.url, speaking.queue.redisUrl, speaking.log.level]).toEqual(['postgres://file/d', 'redis://file', 'warn'])
  })

  test('are read from files too', async () => {
    const secret = path.join(folder, 'database-url')
    await writeFile(secret, 'postgresql://file/d\n')
    expect((await load(organization, { DATABASE_URL_FILE: secret })).database.url).toBe('postgresql://file/d')
    expect(await faultsOf(organization, { REDIS_URL_FILE: '/nowhere/redis' })).toEqual(['environment: REDIS_URL_FILE: the file cannot be read: ENOENT (got "/nowhere/redis")'])
  })

  test('are blamed by name when they are wrong', async () => {
    expect(await faultsOf(organization, { DATABASE_URL: `mysql://u:${token}@h/d`, LOG_LEVEL: 'loud' })).toEqual([
      'environment: DATABASE_URL: expected postgres://user:password@host:5432/database (got [hidden])',
      'environment: LOG_LEVEL: expected fatal, error, warn, info, debug, trace or silent (got "loud")',
    ])
  })

  test('empty ones count as not set', async () => {
    expect((await load(organization, { DATABASE_URL: '', REDIS_URL: '', LOG_LEVEL: '' })).log.level).toBe('info')
  })
})

describe('secrets', () => {
  const full = `${organization}
sources: { github: { token: ${token}1 }, stackexchange: { key: ${token}2 } }
notify: { slack: { webhookUrl: https://hooks.example.test/${token}3 } }
database: { url: "postgres://u:${token}4%40@h/d" }
queue: { redisUrl: "redis://:${token}5@h" }`

  test('are all known', async () => {
    const secrets = secretsOf(await load(full))
    expect(secrets).toHaveLength(8)
    expect(secrets).toEqual(expect.arrayContaining([`${token}1`, `${token}2`, `https://hooks.example.test/${token}3`, `${token}4%40`, `${token}4@`, `${token}5`]))
    expect(secretsOf(await load(organization))).toEqual([])
  })

  test('do not print, however one prints', async () => {
    const config = await load(full)
    expect(config.sources.github?.token).toBe(`${token}1`)
    const printed = [JSON.stringify(config), JSON.stringify([config.sources.github]), inspect(config, { depth: null }), inspect(config.notify.slack), inspect(config, { depth: null, showHidden: true }), String(config)].join('\n')
    expect(printed).not.toContain(token)
    expect(printed).toContain('[hidden]')
    expect(printed).toContain('https://api.github.com')
  })

  test.each([
    ['wrong type', 'sources: { github: { token: [ghp_neverShown] } }'],
    ['one level too high', 'sources: { github: ghp_neverShown }'],
    ['two levels too high', 'sources: ghp_neverShown'],
    ['too far down', 'sources: { github: { token: { value: ghp_neverShown } } }'],
    ['under a wrong key', 'sources: { github: { tokn: ghp_neverShown } }'],
    ['no URL', 'notify: { slack: { webhookUrl: ghp_neverShown } }'],
    ['no bot token', 'notify: { slack: { botToken: ghp_neverShown, signingSecret: "ghp_neverShown", appToken: ghp_neverShown } }'],
    ['in the wrong place', 'database: { url: { password: ghp_neverShown } }'],
    ['as the user of a URL', 'sources: { github: { apiUrl: "ftp://ghp_neverShown@host/" } }'],
    ['from the environment, in a key that is not secret', 'web: { port: "${SECRET}" }'],
    ['from the environment, inside a text', 'registries: { npm: { url: "${SECRET}/npm" } }'],
  ])('are in no message: %s', async (_case, content) => {
    const message = (await faultsOf(`${organization}\n${content}`, { SECRET: token })).join('\n')
    expect(message).toContain('namesake.yaml: ')
    expect(message).not.toContain(token)
  })
})

describe('the row of Slack', () => {
  const slack = (row: string) => `${organization}\nnotify: { slack: { ${row} } }`

  test('takes a bot with further channels, and people who may decide', async () => {
    const { notify } = await load(slack('botToken: xoxb-1-2-abc, channel: C0123, channels: { payments: C0456 }, signingSecret: 0123456789abcdef, teamId: T0123, users: { U0123: ann@acme-corp.com }'))
    expect(notify.slack).toMatchObject({ channel: 'C0123', channels: { payments: 'C0456' }, users: { U0123: 'ann@acme-corp.com' }, apiUrl: 'https://slack.com/api', messageEveryMs: 1_100 })
  })

  test.each([
    ['nothing to post with', 'signingSecret: 0123456789abcdef, teamId: T0123', 'webhookUrl: missing; give webhookUrl, or botToken and channel'],
    ['a channel and no bot', 'channel: C0123', 'botToken: missing; give webhookUrl, or botToken and channel'],
    ['a bot and no channel', 'botToken: xoxb-1', 'channel: missing; needed with botToken: the id of the channel that is told'],
    ['both', 'botToken: xoxb-1, channel: C0123, webhookUrl: https://hooks.slack.com/services/x', 'webhookUrl: give either webhookUrl or botToken, not both: the bot does all that the webhook does (got [hidden])'],
    ['a webhook with channels', 'webhookUrl: https://hooks.slack.com/services/x, channels: { payments: C0456 }', 'channels: further channels need botToken: a webhook posts to one channel (got keys with values)'],
    ['one channel twice', 'botToken: xoxb-1, channel: C0123, channels: { payments: C0123 }', 'channels: each channel once: the limit of one message a second holds for a channel (got keys with values)'],
    ['a name where an id belongs', 'botToken: xoxb-1, channel: "#security"', 'channel: expected the id of a channel (C0123…: the end of its link), not its name (got "#security")'],
    ['a token of another kind', 'botToken: xapp-1, channel: C0123', 'botToken: expected a bot token, which begins with xoxb- (got [hidden])'],
    ['an app token of another kind', 'botToken: xoxb-1, channel: C0123, appToken: xoxb-1, teamId: T0123', 'appToken: expected an app-level token, which begins with xapp- (got [hidden])'],
    ['clicks of any workspace', 'botToken: xoxb-1, channel: C0123, signingSecret: 0123456789abcdef', 'teamId: missing; needed with signingSecret or appToken: clicks are taken from this workspace only; "namesake doctor" tells the id'],
    ['more than Slack allows', 'botToken: xoxb-1, channel: C0123, messageEveryMs: 100', 'messageEveryMs: Slack allows one message a second and channel: expected at least 1000 (got 100)'],
  ])('refuses %s', async (_case, row, fault) => {
    expect(await faultsOf(slack(row))).toEqual([`namesake.yaml: notify.slack.${fault}`])
  })

  test('names the variable that is not set', async () => {
    expect(await faultsOf(slack('botToken: "${SLACK_BOT_TOKEN}", channel: C0123'))).toEqual(['namesake.yaml: notify.slack.botToken: missing; the environment variable SLACK_BOT_TOKEN is not set'])
  })

  test('with nothing but unset variables is absent', async () => {
    expect((await load(slack('webhookUrl: "${SLACK_WEBHOOK_URL}"'))).notify.slack).toBeUndefined()
  })

  test('a sandbox may be faster than Slack', async () => {
    expect((await load(slack('botToken: xoxb-1, channel: C0123, apiUrl: "http://127.0.0.1:4000/slack-api", messageEveryMs: 20'))).notify.slack?.messageEveryMs).toBe(20)
  })
})

describe('a file of people', () => {
  const github = (more: string) => `${organization}\nsources: { github: { token: ghp_1, ${more} } }`
  const people = async (text: string) => {
    await writeFile(path.join(folder, 'people.txt'), text)
    return load(github('people: [ann], peopleFile: people.txt'))
  }

  test('is added to the list, each once, without remarks', async () => {
    expect((await people('# left in 2025\r\nbert\r\nann\n\ncleo # contractor\n')).sources.github?.people).toEqual(['ann', 'bert', 'cleo'])
  })

  test('names every line that is no login', async () => {
    await expect(people('bert\n@cleo\nhttps://github.com/dan\n')).rejects.toThrow(/people\.txt:2: .*"@cleo"[\s\S]*people\.txt:3: /)
  })

  test('that is not there names the key, the file and the reason', async () => {
    expect(await faultsOf(github('peopleFile: nobody.txt'))).toEqual(['namesake.yaml: sources.github.peopleFile: the file cannot be read: ENOENT (got "nobody.txt")'])
  })
})

describe('the JSON Schema for editors', () => {
  test('is what the table says', async () => {
    const stored = await readFile(path.join(root, 'namesake.schema.json'), 'utf8').catch(() => '')
    expect(stored === `${JSON.stringify(configJsonSchema(), null, 2)}\n`, 'namesake.schema.json is stale: run "npm run schema" and commit the file').toBe(true)
  })

  const schema = z.fromJSONSchema(configJsonSchema() as Parameters<typeof z.fromJSONSchema>[0])

  test('accepts the example as it is written, variables included', async () => {
    const written: unknown = parse(await readFile(example, 'utf8'))
    expect(schema.safeParse(written).error?.issues ?? []).toEqual([])
  })

  test.each([
    ['an unknown key', { organization: { name: 'A' }, sorces: {} }],
    ['no organisation', {}],
    ['an unknown ecosystem', { organization: { name: 'A' }, inventory: [{ name: 'x', ecosystem: 'nmp' }] }],
    ['a port that is none', { organization: { name: 'A' }, web: { port: 70_000 } }],
  ])('refuses %s', (_case, value) => {
    expect(schema.safeParse(value).success).toBe(false)
  })

  test('explains every key', () => {
    const silent: string[] = []
    const visit = (node: unknown, key: string): void => {
      if (typeof node !== 'object' || node === null) return
      const { properties, items } = node as { properties?: Record<string, { description?: string }>; items?: unknown }
      for (const [name, child] of Object.entries(properties ?? {})) {
        if (child.description === undefined) silent.push(`${key}.${name}`)
        visit(child, `${key}.${name}`)
      }
      visit(items, `${key}[]`)
    }
    visit(configJsonSchema(), 'namesake.yaml')
    expect(silent).toEqual([])
  })
})

describe('for the inventory alone', () => {
  async function loadFor(content: string, env: Environment = {}) {
    return loadConfig({ path: await file(content), env, for: 'inventory' })
  }
  const github = `${organization}\nsources: { github: { token: "\${GITHUB_TOKEN}" } }\n`
  const githubWith = (more: string): string => `${organization}\nsources: { github: { token: "\${GITHUB_TOKEN}", ${more} } }\n`

  test('the example loads without a single variable', async () => {
    const config = await loadConfig({ path: example, env: {}, for: 'inventory' })
    expect(config.inventory).toHaveLength(7)
    expect(config.sources.github).toBeUndefined()
    await expect(loadConfig({ path: example, env: {} })).rejects.toThrow('GITHUB_TOKEN is not set')
  })

  test('a row that lacks an unset variable is left out, also where a text around it needs it', async () => {
    expect((await loadFor(githubWith("schedule: '0 * * * *'"))).sources.github).toBeUndefined()
    expect((await loadFor(`${github}notify: { slack: { webhookUrl: "https://hooks.example.test/\${PART}" } }`)).notify.slack).toBeUndefined()
  })

  test('a row whose variables are set stays', async () => {
    expect((await loadFor(github, { GITHUB_TOKEN: 'a' })).sources.github?.token).toBe('a')
  })

  test('every other fault is a fault, in such a row too', async () => {
    await expect(loadFor(githubWith("schedule: 'never ever'"))).rejects.toThrow('sources.github.schedule')
    await expect(loadFor(githubWith('tokn: x'))).rejects.toThrow('sources.github.tokn')
    await expect(loadFor(`${organization}\nsources: { github: { schedule: '0 * * * *' } }`)).rejects.toThrow('sources.github.token: missing')
  })

  test('a variable that the inventory needs is a fault', async () => {
    await expect(loadFor('organization: { name: "${COMPANY}" }')).rejects.toThrow('COMPANY is not set')
    await expect(loadFor(`${organization}\ninventory: [{ name: "\${PREFIX}-auth", ecosystem: npm }]`)).rejects.toThrow('PREFIX is not set')
  })
})
