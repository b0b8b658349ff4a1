import { execFileSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { Invalid } from '../../src/errors.ts'
import { createFolder, manifest, places, run, secret, term } from './support.ts'

function createRepository() {
  const folder = createFolder()
  folder.git('init', '-q', '-b', 'main')
  return folder
}

describe('a history', () => {
  test('has what was deleted long ago, with the commit that brought it', async () => {
    using folder = createRepository()
    folder.write('package.json', manifest)
    const brought = folder.commit('add', '2026-01-01T00:00:00Z')
    folder.write('package.json', '{}')
    folder.commit('remove', '2026-01-02T00:00:00Z')
    expect((await run([folder.root])).mentions).toEqual([])
    const report = await run([folder.root], { what: 'history' })
    expect(places(report, folder.root)).toEqual(['package.json:3 dependency'])
    expect(report.mentions[0]).toMatchObject({ commit: brought, blob: folder.git('rev-parse', `${brought}:package.json`) })
    expect(report).toMatchObject({ gaps: [], documents: 2, withoutCommit: 0 })
  })

  test('has every content once, however often and wherever it was committed; the oldest commit is told', async () => {
    using folder = createRepository()
    folder.write('a/package.json', manifest)
    const first = folder.commit('one', '2026-01-01T00:00:00Z')
    folder.write('b/package.json', manifest)
    folder.commit('two', '2026-01-02T00:00:00Z')
    rmSync(path.join(folder.root, 'a'), { recursive: true })
    folder.commit('three', '2026-01-03T00:00:00Z')
    folder.write('a/package.json', manifest)
    folder.commit('four', '2026-01-04T00:00:00Z')
    const report = await run([folder.root], { what: 'history' })
    expect(report.documents).toBe(1)
    expect(report.mentions.map(({ commit }) => commit)).toEqual([first])
  })

  test('spans branches, tags, tags of blobs, the stash, and what only a merge brought', async () => {
    using folder = createRepository()
    folder.write('start', 'start')
    folder.commit('start')
    folder.git('checkout', '-q', '-b', 'other')
    folder.write('on-branch.json', manifest)
    folder.commit('branch')
    folder.git('checkout', '-q', 'main')
    folder.write('main', 'main')
    folder.commit('main')
    folder.git('merge', '-q', '--no-commit', '--no-ff', 'other')
    folder.write('only-in-merge.txt', `merged ${secret}`)
    const merge = folder.commit('merge')
    folder.write('tagged.txt', `tagged ${secret}`)
    folder.git('tag', 'a-blob', folder.git('hash-object', '-w', 'tagged.txt'))
    rmSync(path.join(folder.root, 'tagged.txt'))
    folder.write('start', `stashed ${secret}`)
    folder.git('stash', '-q')
    const report = await run([folder.root], { what: 'history' })
    const found = new Map(report.mentions.map(({ snippet, commit }) => [snippet.split(' ')[0], commit]))
    expect([...found.keys()].sort()).toEqual(['', 'merged', 'stashed', 'tagged'])
    expect(found.get('merged')).toBe(merge)
    expect(found.get('tagged')).toBeUndefined()
    expect(report.gaps).toEqual([])
  })

  test('works in a bare repository, packed, and with threads as without', async () => {
    using folder = createRepository()
    for (let at = 0; at < 60; at += 1) folder.write(`${at}/package.json`, manifest.replace('1.0.0', `1.0.${at}`))
    folder.write('empty', '')
    folder.commit('all')
    using target = createFolder()
    execFileSync('git', ['clone', '-q', '--bare', folder.root, path.join(target.root, 'bare.git')], { stdio: 'ignore' })
    execFileSync('git', ['-C', path.join(target.root, 'bare.git'), 'gc', '-q'], { stdio: 'ignore' })
    const bare = path.join(target.root, 'bare.git')
    const alone = await run([bare], { what: 'history' })
    expect(alone).toMatchObject({ documents: 61, gaps: [] })
    expect(alone.mentions).toHaveLength(60)
    expect(await run([bare], { what: 'history', threads: 2, alone: 0 })).toEqual(alone)
  })

  test('ignore.paths leaves out only what stands nowhere else', async () => {
    using folder = createRepository()
    folder.write('fixtures/same.json', manifest)
    folder.write('src/same.json', manifest)
    folder.write('fixtures/only.json', manifest.replace('1.0.0', '2.0.0'))
    folder.commit('all')
    const report = await run([folder.root], { what: 'history', ignorePaths: ['fixtures/**'] })
    expect(places(report, folder.root)).toEqual(['src/same.json:3 dependency'])
    expect(report.ignored).toBe(1)
  })

  test('of an empty repository is empty', async () => {
    using folder = createRepository()
    expect(await run([folder.root], { what: 'history' })).toMatchObject({ mentions: [], gaps: [], documents: 0 })
  })
})

describe('a history that cannot be read', () => {
  test('where there is no repository, or a broken one, is bad input', async () => {
    using folder = createFolder()
    await expect(run([folder.root], { what: 'history' })).rejects.toThrow(Invalid)
    folder.git('init', '-q')
    writeFileSync(path.join(folder.root, '.git/HEAD'), 'garbage')
    await expect(run([folder.root], { what: 'history' })).rejects.toThrow('git finds no repository here')
    await expect(run([folder.root], { what: 'staged' })).rejects.toThrow(Invalid)
  })

  test('because an object is missing, is a gap; the others are read', async () => {
    using folder = createRepository()
    folder.write('a.json', manifest)
    folder.write('b.json', '{"gone": true}')
    folder.commit('all')
    const gone = folder.git('rev-parse', 'HEAD:b.json')
    rmSync(path.join(folder.root, '.git/objects', gone.slice(0, 2), gone.slice(2)))
    const report = await run([folder.root], { what: 'history' })
    expect(report.mentions).toHaveLength(1)
    expect(report.gaps).toEqual([{ path: expect.stringContaining(gone), reason: expect.stringContaining('not in this repository') }])
  })

  test('because objects are damaged, is a gap for each; the others are read', async () => {
    using folder = createRepository()
    for (let at = 0; at < 40; at += 1) folder.write(`${at}.json`, `{"at": ${at}, "name": "${secret}"}`)
    folder.commit('all')
    for (const at of [3, 17, 18]) {
      const oid = folder.git('rev-parse', `HEAD:${at}.json`)
      const file = path.join(folder.root, '.git/objects', oid.slice(0, 2), oid.slice(2))
      rmSync(file)
      writeFileSync(file, 'not zlib')
    }
    const report = await run([folder.root], { what: 'history' })
    expect(report.mentions).toHaveLength(37)
    expect(report.gaps.map(({ path: file }) => path.basename(file)).sort()).toEqual(['17.json', '18.json', '3.json'])
  })

  test('because a commit is missing, is a gap: the list is not whole', async () => {
    using folder = createRepository()
    folder.write('a.json', manifest)
    const first = folder.commit('one')
    folder.write('b.json', '{}')
    folder.commit('two')
    rmSync(path.join(folder.root, '.git/objects', first.slice(0, 2), first.slice(2)))
    const { gaps } = await run([folder.root], { what: 'history' })
    expect(gaps.length).toBeGreaterThan(0)
  })

  test('because the clone is shallow, is a gap', async () => {
    using folder = createRepository()
    folder.write('a.json', manifest)
    folder.commit('one')
    folder.write('a.json', '{}')
    folder.commit('two')
    using target = createFolder()
    execFileSync('git', ['-c', 'protocol.file.allow=always', 'clone', '-q', '--depth', '1', `file://${folder.root}`, path.join(target.root, 'shallow')], { stdio: 'ignore' })
    const report = await run([path.join(target.root, 'shallow')], { what: 'history' })
    expect(report.mentions).toEqual([])
    expect(report.gaps.map(({ reason }) => reason)).toEqual([expect.stringContaining('shallow clone')])
  })

  test('because a blob is above the limit, is a gap with its path', async () => {
    using folder = createRepository()
    folder.write('large.json', manifest)
    folder.write('small.txt', secret)
    folder.commit('all')
    const report = await run([folder.root], { what: 'history', maxBytes: 30 })
    expect(places(report, folder.root)).toEqual(['small.txt:1 prose'])
    expect(report.gaps).toEqual([{ path: path.join(folder.root, 'large.json'), reason: expect.stringContaining('more than --max-bytes allows') }])
  })

  test('because a person ends it, is said', async () => {
    using folder = createRepository()
    folder.write('a.json', manifest)
    folder.commit('all')
    const controller = new AbortController()
    controller.abort()
    expect(await run([folder.root], { what: 'history', signal: controller.signal })).toMatchObject({ interrupted: true, documents: 0 })
  })
})

describe('what is staged', () => {
  test('is looked at as it is staged, not as it lies there', async () => {
    using folder = createRepository()
    folder.write('clean.json', '{}')
    folder.write('leak.json', manifest)
    folder.write('untracked.json', manifest)
    folder.git('add', 'clean.json', 'leak.json')
    folder.write('clean.json', manifest)
    folder.write('leak.json', '{}')
    const report = await run([folder.root], { what: 'staged' })
    expect(places(report)).toEqual(['leak.json:3 dependency'])
    expect(report).toMatchObject({ gaps: [], documents: 2 })
    expect(report.mentions[0]?.blob).toBe(folder.git('rev-parse', ':leak.json'))
  })

  test('is only what differs from the last commit; what is deleted, moved in mode, or another repository is passed over', async () => {
    using folder = createRepository()
    folder.write('old/package.json', manifest)
    folder.write('gone.json', manifest)
    folder.commit('before')
    folder.git('rm', '-q', 'gone.json')
    folder.git('update-index', '--add', '--cacheinfo', `160000,${folder.git('rev-parse', 'HEAD')},module`)
    folder.write('new with ünicode.json', manifest)
    folder.git('add', 'new with ünicode.json')
    const report = await run([folder.root], { what: 'staged' })
    expect(report.mentions.map(({ path: file }) => file)).toEqual(['new with ünicode.json'])
    expect(report.gaps).toEqual([])
  })

  test('heeds ignore.paths, and says what is in conflict', async () => {
    using folder = createRepository()
    folder.write('a.txt', 'base')
    folder.commit('base')
    folder.git('checkout', '-q', '-b', 'other')
    folder.write('a.txt', 'theirs')
    folder.commit('theirs')
    folder.git('checkout', '-q', 'main')
    folder.write('a.txt', 'ours')
    folder.commit('ours')
    expect(() => folder.git('merge', '-q', 'other')).toThrow('Command failed')
    folder.write('vendor/package.json', manifest)
    folder.git('add', 'vendor')
    const report = await run([folder.root], { what: 'staged', ignorePaths: ['vendor/**'] })
    expect(report).toMatchObject({ mentions: [], ignored: 1 })
    expect(report.gaps).toEqual([{ path: 'a.txt', reason: 'is in a merge conflict, and was not looked at' }])
  })
})

describe('what a push takes along beside files', () => {
  test('messages of commits and of tags, the people, and the names of branches and tags are places of their own', async () => {
    using folder = createRepository()
    folder.write('a.txt', 'nothing')
    const commit = folder.commit(`A subject\n\nThe body names ${secret}, in its third line.`)
    folder.git('tag', '-a', 'v1', '-m', `Release\n\nwith ${secret}`)
    folder.git('branch', `feature/${secret}`)
    folder.git('tag', `v2/${secret}`)
    const report = await run([folder.root], { what: 'history' })
    const short = commit.slice(0, 12)
    expect(report.mentions.map(({ path: shown, place, line, role }) => [shown.slice(folder.root.length), place, line, role])).toEqual([
      [`: <branch feature/${secret}>`, 'ref-name', 1, 'prose'],
      [`: <commit ${short}>`, 'commit-message', 3, 'prose'],
      [': <message of tag v1>', 'tag-message', 3, 'prose'],
      [`: <tag v2/${secret}>`, 'ref-name', 1, 'prose'],
    ])
    expect(report.mentions[1]).toMatchObject({ commit, column: 16 })
    expect(report).toMatchObject({ documents: 1, gaps: [] })
    expect(report.messages).toBe(1 + 1 + 1 + 4)
  })

  test('a person is told once, with the first commit; the host that git invents for an address is found', async () => {
    using folder = createRepository()
    const recipe = { terms: [term('build01.corp.acme.example', { kind: 'host', ecosystem: null })], options: {} }
    folder.git('config', 'user.name', 'Ann')
    folder.git('config', 'user.email', 'ann@build01.corp.acme.example')
    const commits = ['one', 'two'].map((message, at) => {
      execFileSync('git', ['-C', folder.root, 'commit', '-q', '--allow-empty', '-m', message], { env: { ...process.env, GIT_COMMITTER_DATE: `2026-01-0${at + 1}T00:00:00Z` } })
      return folder.git('rev-parse', 'HEAD')
    })
    const { mentions } = await run([folder.root], { what: 'history', recipe })
    expect(mentions.map(({ place, commit, snippet }) => [place, commit, snippet])).toEqual([['commit-author', commits[0], 'Ann <ann@build01.corp.acme.example>']])
  })

  test('a branch that a remote has too is one name, and ignore.paths is about files', async () => {
    using folder = createRepository()
    const commit = folder.commit(secret)
    folder.git('branch', secret)
    folder.git('update-ref', `refs/remotes/origin/${secret}`, commit)
    const report = await run([folder.root], { what: 'history', ignorePaths: ['**'] })
    expect(report.mentions.map(({ place }) => place)).toEqual(['ref-name', 'commit-message'])
  })

  test('text of hostile messages stays text', async () => {
    using folder = createRepository()
    folder.commit(`\u0001${secret}\u001b[2J\n\n-----BEGIN\u2028<tag x>`)
    const report = await run([folder.root], { what: 'history' })
    expect(report.mentions).toHaveLength(1)
    expect(report.gaps).toEqual([])
  })
})
