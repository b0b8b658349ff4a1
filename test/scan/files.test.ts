import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { Invalid } from '../../src/errors.ts'
import { createFolder, manifest, places, recipe, run, secret, term } from './support.ts'

describe('files and folders', () => {
  test('a manifest says that the name is a dependency, where, and how bad that is', async () => {
    using folder = createFolder()
    folder.write('app/package.json', manifest)
    const report = await run([folder.root])
    expect(report.mentions).toHaveLength(1)
    expect(report.mentions[0]).toMatchObject({ identifier: secret, ecosystem: 'npm', team: 'identity', severity: 'critical', role: 'dependency', line: 3, column: 6, path: path.join(folder.root, 'app/package.json') })
    expect(report).toMatchObject({ gaps: [], documents: 1, bytes: manifest.length, interrupted: false })
  })

  test('nothing found is nothing found: every file was counted', async () => {
    using folder = createFolder()
    folder.write('a.txt', 'nothing')
    folder.write('empty', '')
    expect(await run([folder.root])).toMatchObject({ mentions: [], gaps: [], documents: 2, bytes: 7 })
  })

  test('names that may be public are left out, by their own line and by their pattern', async () => {
    const terms = [
      term('@acme-corp/', { form: 'prefix', id: '1' }),
      term('@acme-corp/design-tokens', { publicOnPurpose: true, id: '2' }),
      term('acme-open-', { form: 'prefix', publicOnPurpose: true, id: '3' }),
    ]
    using folder = createFolder()
    folder.write('a.js', 'import "@acme-corp/design-tokens"\nimport "@acme-corp/auth"\nimport "acme-open-thing"\n')
    const report = await run([folder.root], { recipe: { terms, options: {} } })
    expect(report.mentions.map(({ identifier }) => identifier)).toEqual(['@acme-corp/auth'])
  })

  test('a path that is not there is said before anything is read', async () => {
    await expect(run(['no/such/thing'])).rejects.toThrow(Invalid)
    await expect(run(['no/such/thing'])).rejects.toThrow('"no/such/thing"')
  })

  test('ignore.paths leaves files out, relative to the folder that was named, and counts them', async () => {
    using folder = createFolder()
    folder.write('vendor/package.json', manifest)
    folder.write('package.json', manifest)
    const report = await run([folder.root], { ignorePaths: ['vendor/**'] })
    expect(places(report, folder.root)).toEqual(['package.json:3 dependency'])
    expect(report.ignored).toBe(1)
  })

  test('the file that the result goes to is not read', async () => {
    using folder = createFolder()
    const output = folder.write('report.json', manifest)
    expect((await run([folder.root], { except: new Set([output]) })).mentions).toEqual([])
  })

  test('a symbolic link is its target, and is not followed', async () => {
    using outside = createFolder()
    using folder = createFolder()
    outside.write('package.json', manifest)
    symlinkSync(outside.root, path.join(folder.root, 'elsewhere'))
    symlinkSync(`../${secret}/lib`, path.join(folder.root, 'link'))
    symlinkSync('.', path.join(folder.root, 'circle'))
    const report = await run([folder.root])
    expect(places(report, folder.root)).toEqual(['link:1 prose'])
    expect(report.gaps).toEqual([])
  })

  test.runIf(process.platform === 'linux')('a file that cannot be read is a gap, not a clean file', async () => {
    const report = await run(['/proc/self/mem'])
    expect(report).toMatchObject({ mentions: [], documents: 0, gaps: [{ path: '/proc/self/mem', reason: 'cannot be read: EIO' }] })
  })

  test('a file above the limit is a gap that names both sizes; one at the limit is read', async () => {
    using folder = createFolder()
    folder.write('a.json', manifest)
    expect((await run([folder.root], { maxBytes: manifest.length })).mentions).toHaveLength(1)
    const { mentions, gaps } = await run([folder.root], { maxBytes: manifest.length - 1 })
    expect(mentions).toEqual([])
    expect(gaps.map(({ reason }) => reason)).toEqual(['has 66 bytes, more than --max-bytes allows (65 bytes), and was not looked at'])
  })

  test('a binary file is searched as bytes, and what is in it is code', async () => {
    using folder = createFolder()
    folder.write('package.json', Buffer.concat([Buffer.from([0, 1, 2, 0xff, 10]), Buffer.from(`"${secret}"`), Buffer.from([0])]))
    const [mention] = (await run([folder.root])).mentions
    expect(mention).toMatchObject({ role: 'code', line: 2, column: 2, details: { note: 'stands in a binary file' } })
  })

  test.each(['utf16le', 'utf-16be'] as const)('a file in %s is read as text', async (encoding) => {
    using folder = createFolder()
    for (const mark of ['\ufeff', '']) {
      const bytes = Buffer.from(mark + manifest, 'utf16le')
      folder.write('package.json', encoding === 'utf16le' ? bytes : bytes.swap16())
      expect(places(await run([folder.root]), folder.root)).toEqual(['package.json:3 dependency'])
    }
  })

  test('a line of 300 KB has a short snippet with the name in it', async () => {
    using folder = createFolder()
    folder.write('bundle.js', `${'x=1;'.repeat(75_000)}require("${secret}");${'y=2;'.repeat(75_000)}`)
    const [mention] = (await run([folder.root])).mentions
    expect(mention).toMatchObject({ line: 1, column: 300_010, character: null })
    expect(mention?.snippet).toContain(secret)
    expect(mention?.snippet.length).toBeLessThanOrEqual(300)
  })

  test('columns count bytes, characters count UTF-16 units', async () => {
    using folder = createFolder()
    folder.write('a.js', `/* äö😀 */ require('${secret}')\n`)
    expect((await run([folder.root])).mentions[0]).toMatchObject({ column: 25, character: 21 })
  })
})

describe('what git would publish', () => {
  test('in a work tree: tracked files, and untracked ones that are not ignored', async () => {
    using folder = createFolder()
    folder.git('init', '-q')
    folder.write('.gitignore', 'ignored/\n*.log\n')
    folder.write('tracked/package.json', manifest)
    folder.write('tracked.log', secret)
    folder.git('add', '-f', '.')
    folder.write('new/package.json', manifest)
    folder.write('new/.gitignore', 'nested.json\n')
    folder.write('new/nested.json', manifest)
    folder.write('ignored/package.json', manifest)
    folder.write('excluded.json', manifest)
    folder.write('.git/info/exclude', 'excluded.json\n')
    expect(places(await run([folder.root]), folder.root)).toEqual(['new/package.json:3 dependency', 'tracked.log:1 code', 'tracked/package.json:3 dependency'])
    const everything = places(await run([folder.root], { noIgnore: true }), folder.root)
    expect(everything).toHaveLength(6)
    expect(everything.filter((place) => place.startsWith('.git/'))).toEqual([])
  })

  test('without git: the same rules, read from the .gitignore files', async () => {
    using folder = createFolder()
    folder.write('.gitignore', 'ignored/\n*.json\n!keep.json\n')
    folder.write('ignored/keep.json', manifest)
    folder.write('a.json', manifest)
    folder.write('keep.json', manifest)
    folder.write('deep/.gitignore', '!b.json\n/c.txt\n')
    folder.write('deep/b.json', manifest)
    folder.write('deep/c.txt', secret)
    folder.write('deep/deeper/c.txt', secret)
    const report = await run([folder.root])
    expect(places(report, folder.root).map((place) => place.split(':')[0])).toEqual(['deep/b.json', 'deep/deeper/c.txt', 'keep.json'])
    expect(report.gaps).toEqual([])
  })

  test('an ignored folder that a person names is looked at', async () => {
    using folder = createFolder()
    folder.git('init', '-q')
    folder.write('.gitignore', 'node_modules\n')
    folder.write('node_modules/x/package.json', manifest)
    expect((await run([folder.root])).mentions).toEqual([])
    expect((await run([path.join(folder.root, 'node_modules')])).mentions).toHaveLength(1)
    expect((await run([path.join(folder.root, 'node_modules/x/package.json')])).mentions).toHaveLength(1)
  })

  test('a repository inside the repository is entered, with its own rules', async () => {
    using folder = createFolder()
    folder.git('init', '-q')
    folder.git('init', '-q', 'inner')
    folder.write('inner/package.json', manifest)
    folder.write('inner/.gitignore', 'out.json\n')
    folder.write('inner/out.json', manifest)
    expect(places(await run([folder.root]), folder.root)).toEqual(['inner/package.json:3 dependency'])
  })

  test('a broken .git: everything is looked at, and the doubt is said', async () => {
    using folder = createFolder()
    folder.git('init', '-q')
    folder.write('package.json', manifest)
    writeFileSync(path.join(folder.root, '.git/HEAD'), 'garbage')
    const report = await run([folder.root])
    expect(places(report, folder.root)).toEqual(['package.json:3 dependency'])
    expect(report.gaps.map(({ reason }) => reason)).toEqual([expect.stringContaining('git does not answer for the repository here')])
  })

  test('a damaged index is a gap', async () => {
    using folder = createFolder()
    folder.git('init', '-q')
    folder.write('a', 'a')
    folder.commit('a')
    writeFileSync(path.join(folder.root, '.git/index'), 'garbage')
    expect((await run([folder.root])).gaps).toHaveLength(1)
  })

  test('a file that was deleted since it was tracked is no gap', async () => {
    using folder = createFolder()
    folder.git('init', '-q')
    rmSync(folder.write('gone.json', manifest))
    folder.write('gone.json', manifest)
    folder.commit('gone')
    rmSync(path.join(folder.root, 'gone.json'))
    expect(await run([folder.root])).toMatchObject({ mentions: [], gaps: [] })
  })

  test.runIf(process.platform === 'linux')('names with line feeds, and names that are not UTF-8, are found', async () => {
    using folder = createFolder()
    const write = (): void => {
      writeFileSync(path.join(folder.root, 'a\nb.txt'), secret)
      writeFileSync(Buffer.concat([Buffer.from(`${folder.root}/`), Buffer.from([0x61, 0xff, 0x2e, 0x74, 0x78, 0x74])]), secret)
    }
    write()
    expect((await run([folder.root])).mentions).toHaveLength(2)
    folder.git('init', '-q')
    expect((await run([folder.root])).mentions).toHaveLength(2)
  })

  test.runIf(process.platform === 'linux')('a pipe in a folder is no file, and does not hold the scan up', async () => {
    using folder = createFolder()
    execFileSync('mkfifo', [path.join(folder.root, 'pipe')])
    mkdirSync(path.join(folder.root, 'sub'))
    expect(await run([folder.root])).toMatchObject({ mentions: [], gaps: [], documents: 0 })
  })
})

describe('standard input', () => {
  test('is a file by the name it is given', async () => {
    expect(places(await run(['-'], { input: manifest, inputPath: 'x/package.json' }))).toEqual(['x/package.json:3 dependency'])
  })

  test('is text without a name', async () => {
    expect(places(await run(['-'], { input: `we use ${secret}\n` }))).toEqual(['<stdin>:1 prose'])
  })

  test('above the limit is a gap', async () => {
    expect(await run(['-'], { input: manifest, maxBytes: 10 })).toMatchObject({ mentions: [], gaps: [{ path: '<stdin>' }], documents: 0 })
  })
})

describe('many files', () => {
  test('threads find what one thread finds, and count the same', async () => {
    using folder = createFolder()
    for (let at = 0; at < 300; at += 1) folder.write(`${at % 7}/${at}.json`, at % 3 === 0 ? manifest : `{"name": "other${at}"}`)
    folder.write('large.txt', `${'x '.repeat(3_000_000)}${secret}`)
    const alone = await run([folder.root])
    const states: number[] = []
    const together = await run([folder.root], { threads: 2, alone: 0, onProgress: ({ documents }) => states.push(documents) })
    expect(together).toEqual(alone)
    expect(alone.mentions).toHaveLength(101)
    expect(states.at(-1)).toBe(301)
  })

  test('an abort ends it soon, with what it has, and says so', async () => {
    using folder = createFolder()
    for (let at = 0; at < 50; at += 1) folder.write(`${at}.txt`, 'x '.repeat(500_000))
    const controller = new AbortController()
    const report = await run([folder.root], { threads: 1, alone: 0, signal: controller.signal, onProgress: () => controller.abort() })
    expect(report.interrupted).toBe(true)
    expect(report.documents).toBeLessThan(50)
    expect(report.gaps).toEqual([])
  })

  test('documents that a thread died over are gaps', async () => {
    using folder = createFolder()
    folder.write('a.txt', secret)
    // No matcher can be made of it, so every thread ends at once.
    const broken = { terms: [{ ...recipe.terms[0]!, form: 'regex' as const, text: '(' }], options: {} }
    const report = await run([folder.root], { recipe: broken, threads: 1, alone: 0 })
    expect(report).toMatchObject({ mentions: [], documents: 0 })
    expect(report.gaps).toHaveLength(1)
  })
})
