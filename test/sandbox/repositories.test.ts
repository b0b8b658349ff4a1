import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Invalid, NotFound } from '../../src/errors.ts'
import { importCommits } from '../../src/sandbox/git/import-commits.ts'
import { parseCommit, parseTree } from '../../src/sandbox/git/parse-objects.ts'
import { createObjectReader, readMany } from '../../src/sandbox/git/read-objects.ts'
import { runGit } from '../../src/sandbox/git/run-git.ts'
import { findRepositories } from '../../src/sandbox/repositories.ts'
import { startSandbox } from '../../src/sandbox/start.ts'
import { commit, search } from './open-sandbox.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'namesake-repositories-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const bare = (where: string) => importCommits(path.join(folder, where), [commit({ 'a.txt': 'needle\n' })])
const names = async () => (await findRepositories(folder)).repositories.map(({ owner, name }) => `${owner}/${name}`)
const describeFolder = (value: unknown) => writeFile(path.join(folder, 'sandbox.json'), typeof value === 'string' ? value : JSON.stringify(value))

describe('a folder of repositories', () => {
  test('may be nested or flat, bare or not', async () => {
    await bare('ann/bare.git')
    await bare('ann/plain')
    await bare('bob/worktree/.git')
    await bare('carol+flat')
    await bare('dave+inner/repo')
    await mkdir(path.join(folder, 'ann/no-repository'))
    await writeFile(path.join(folder, 'README'), 'a file')
    expect(await names()).toEqual(['ann/bare', 'ann/plain', 'bob/worktree', 'carol/flat', 'dave/inner'])
  })

  test('is served as it is', async () => {
    await bare('carol+flat')
    await using sandbox = await startSandbox({ repositories: folder })
    expect((await search(sandbox, 'needle')).items.map(({ repository }) => repository.full_name)).toEqual(['carol/flat'])
  })

  test('may say more about its repositories', async () => {
    await bare('ann/app')
    await describeFolder({ accounts: [{ login: 'ann', type: 'Organization' }], repositories: { 'ann/app': { stars: 4, state: 'private', renamedFrom: ['ann/old'] } } })
    expect(await findRepositories(folder)).toMatchObject({ accounts: [{ login: 'ann', type: 'Organization' }], repositories: [{ owner: 'ann', name: 'app', stars: 4, state: 'private' }] })
  })

  test.each([
    ['no JSON', '{', /sandbox\.json: must be JSON/],
    ['a wrong key', { repositories: { 'ann/app': { starz: 4 } } }, /repositories\.ann\/app: .*starz/],
    ['a wrong value', { accounts: [{ login: 'x', type: 'Robot' }] }, /accounts\.0\.type/],
    ['a repository that is not there', { repositories: { 'ann/nothing': {} } }, /repositories\.ann\/nothing: names no repository/],
  ])('is refused when it says it with %s', async (_what, value, message) => {
    await bare('ann/app')
    await describeFolder(value)
    await expect(findRepositories(folder)).rejects.toThrow(message)
    await expect(findRepositories(folder)).rejects.toBeInstanceOf(Invalid)
  })

  test('is refused without a repository, or when it is none', async () => {
    await expect(findRepositories(folder)).rejects.toThrow(/holds no git repository/)
    await expect(findRepositories(path.join(folder, 'nowhere'))).rejects.toThrow(/must be a folder/)
  })

  test('is read again only when asked to', async () => {
    await bare('ann/app')
    await using sandbox = await startSandbox({ repositories: folder, limits: { codeSearchPerMinute: 100 } })
    await importCommits(path.join(folder, 'other.git'), [commit({ 'a.txt': 'needle\n' }), commit({ 'b.txt': 'needle\n' })])
    await runGit(path.join(folder, 'ann/app'), ['-c', 'protocol.file.allow=always', 'fetch', '--quiet', '--force', path.join(folder, 'other.git'), 'main:main'])
    expect((await search(sandbox, 'needle')).total_count).toBe(1)
    await sandbox.reindex()
    expect((await search(sandbox, 'needle')).total_count).toBe(2)
  })
})

test('a port that is taken is refused', async () => {
  await bare('ann/app')
  await using sandbox = await startSandbox({ repositories: folder })
  await expect(startSandbox({ repositories: folder, port: Number(new URL(sandbox.url).port) })).rejects.toThrow(/must be a free port/)
})

describe('git objects', () => {
  test('come in the order they were asked for, through any number of questions at once', async () => {
    const gitDir = path.join(folder, 'x.git')
    await importCommits(gitDir, [commit(Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`f${n}`, `${n}${'x'.repeat(n * 3_000)}`])))])
    const objects = createObjectReader()
    const read = await Promise.all(Array.from({ length: 60 }, (_, n) => objects.read(gitDir, `HEAD:f${n}`)))
    expect(read.map((one) => [one?.type, one?.size])).toEqual(Array.from({ length: 60 }, (_, n) => ['blob', String(n).length + n * 3_000]))
    expect(read.every((one, n) => one?.bytes.toString('latin1').startsWith(`${n}x`) || n === 0)).toBe(true)
    await objects.close()
  })

  test.each(['HEAD:nothing', 'nothing', '', 'HEAD:f\nHEAD', 'HEAD:./f', ':f', ':/x', `${'a'.repeat(40)} blob 3`, 'a b c'])('%j is no object, and the next question gets its own answer', async (name) => {
    const gitDir = path.join(folder, 'x.git')
    await importCommits(gitDir, [commit({ f: 'content' })])
    const objects = createObjectReader()
    const answers = await Promise.all([objects.read(gitDir, name), objects.read(gitDir, 'HEAD:f'), objects.describe(gitDir, name), objects.describe(gitDir, 'HEAD:f')])
    expect(answers).toMatchObject([null, { size: 7 }, null, { type: 'blob', size: 7 }])
    await objects.close()
  })

  test('are read from more repositories than processes are kept', async () => {
    const objects = createObjectReader(2)
    for (const name of ['a', 'b', 'c', 'd']) await importCommits(path.join(folder, name), [commit({ f: name })])
    const rounds = ['a', 'b', 'c', 'd', 'a', 'd', 'b', 'c', 'a']
    const read = await Promise.all(rounds.map((name) => objects.read(path.join(folder, name), 'HEAD:f')))
    expect(read.map((one) => one?.bytes.toString())).toEqual(rounds)
    await objects.close()
  })

  test('of a repository that vanished are an error, not an absence', async () => {
    const gitDir = path.join(folder, 'x.git')
    await importCommits(gitDir, [commit({ f: 'content' })])
    await rename(gitDir, `${gitDir}-gone`)
    const objects = createObjectReader()
    await expect(objects.read(gitDir, 'HEAD:f')).rejects.toThrow('git ended while objects were read')
    await expect(readMany(gitDir, ['a'.repeat(40)], () => {})).rejects.toThrow('git ended while objects were read')
    await expect(runGit(gitDir, ['rev-parse', 'HEAD'])).rejects.toBeInstanceOf(NotFound)
    await objects.close()
  })

  test('commits are read whatever their people are called', () => {
    const head = `tree ${'a'.repeat(40)}\nparent ${'b'.repeat(40)}\n`
    const read = (author: string) => parseCommit('c', Buffer.from(`${head}author ${author}\ncommitter C <c@x> 1700000000 +0000\ngpgsig -----BEGIN\n author Evil <e@x> 1 +0000\n\nmessage\n`)).author
    expect(read('A <b> B <a@x> 1700000000 +0130')).toEqual({ name: 'A <b> B', email: 'a@x', date: '2023-11-14T23:43:20+01:30', at: 1_700_000_000_000 })
    expect(read('A <a@x> 1700000000 -0500')).toMatchObject({ date: '2023-11-14T17:13:20-05:00' })
    expect(read('<> 0 +0000')).toMatchObject({ name: '', email: '', at: 0 })
    expect(read('nonsense')).toMatchObject({ email: '', at: 0 })
  })

  test('trees are read to the end of what is whole', () => {
    const entry = Buffer.concat([Buffer.from('100644 a b\0'), Buffer.alloc(20, 1)])
    expect(parseTree(Buffer.concat([entry, Buffer.from('40000 cut')]))).toEqual([{ mode: '100644', name: 'a b', oid: '01'.repeat(20) }])
  })
})
