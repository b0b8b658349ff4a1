import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { archiveLimits, readArchive, type Entry } from '../../src/scan/read-archive.ts'
import { createFolder, manifest, places, run, secret, writeZip } from './support.ts'

const inZip = { name: 'lib/package.json', content: Buffer.from(manifest) }

describe('archives', () => {
  test.each(['app.zip', 'app.jar', 'app.war', 'app.whl', 'app.nupkg'])('%s is opened, and the format of each entry is told by its name', async (name) => {
    using folder = createFolder()
    folder.write(name, writeZip([{ name: 'lib/', content: Buffer.alloc(0) }, inZip, { name: 'stored.txt', content: Buffer.from(secret), method: 0 }]))
    const report = await run([folder.root])
    expect(places(report, folder.root)).toEqual([`${name}!/lib/package.json:3 dependency`, `${name}!/stored.txt:1 prose`])
    expect(report).toMatchObject({ gaps: [], documents: 2 })
  })

  test.each([['app.tar', 'cf'], ['app.tgz', 'czf'], ['app.tar.gz', 'czf']])('%s, written by tar itself, is opened', async (name, flags) => {
    using source = createFolder()
    using folder = createFolder()
    const long = `${'d'.repeat(90)}/${'e'.repeat(90)}/package.json`
    source.write('package.json', manifest)
    source.write(long, manifest)
    source.write('empty', '')
    for (const format of ['gnu', 'pax']) {
      execFileSync('tar', [`--format=${format}`, `-${flags}`, path.join(folder.root, `${format}-${name}`), '-C', source.root, '.'])
    }
    const report = await run([folder.root])
    const expected = ['gnu', 'pax'].flatMap((format) => [`./${long}`, './package.json'].map((file) => path.normalize(`${format}-${name}!/${file}`).replace('!/', '!/./')))
    expect(report.mentions.map(({ path: file }) => path.relative(folder.root, file.replace('!/./', '!/#/')).replace('!/#/', '!/./')).sort()).toEqual(expected.sort())
    expect(report).toMatchObject({ gaps: [], documents: 6 })
  })

  test('a compressed file is what it is called without .gz', async () => {
    using folder = createFolder()
    folder.write('package.json.gz', gzipSync(manifest))
    expect(places(await run([folder.root]), folder.root)).toEqual(['package.json.gz!/package.json:3 dependency'])
  })

  test('an archive on standard input and one in a history are opened too', async () => {
    using folder = createFolder()
    folder.git('init', '-q')
    folder.write('app.zip', writeZip([inZip]))
    folder.commit('app')
    expect(places(await run(['-'], { input: writeZip([inZip]), inputPath: 'x.zip' }))).toEqual(['x.zip!/lib/package.json:3 dependency'])
    expect(places(await run([folder.root], { what: 'history' }), folder.root)).toEqual(['app.zip!/lib/package.json:3 dependency'])
  })

  test('ignore.paths applies inside', async () => {
    using folder = createFolder()
    folder.write('app.zip', writeZip([inZip, { ...inZip, name: 'package.json' }]))
    const report = await run([folder.root], { ignorePaths: ['lib/**'] })
    expect(report.mentions).toHaveLength(1)
    expect(report.ignored).toBe(1)
  })
})

describe('archives that cannot be trusted', () => {
  test.each([
    ['no archive at all', 'a.zip', Buffer.from('hello\0'), 'the archive could not be read: it is no zip archive'],
    ['a zip that was cut off', 'a.zip', writeZip([inZip]).subarray(0, 60), 'the archive could not be read: it is no zip archive'],
    ['no tar', 'a.tar', Buffer.alloc(2_000, 'x\0'), 'the archive could not be read: a header is damaged'],
    ['no gzip', 'a.tgz', Buffer.alloc(2_000, 'x\0'), 'the archive could not be read: its compressed data is damaged'],
    ['a gzip that was cut off', 'a.gz', gzipSync(randomBytes(10_000)).subarray(0, 5_000), 'the archive could not be read: its compressed data is damaged'],
    ['a format that we do not open', 'a.7z', Buffer.from('7z\u00bc\u00af', 'latin1'), 'is packed in a way that cannot be opened here'],
  ])('%s is a gap', async (_what, name, content, reason) => {
    using folder = createFolder()
    folder.write(name, content)
    const report = await run([folder.root])
    expect(report.mentions).toEqual([])
    expect(report.gaps.map((gap) => gap.reason)).toEqual([expect.stringContaining(reason)])
  })

  test('what stands before the damage is found, and the damage is said', async () => {
    using source = createFolder()
    using folder = createFolder()
    source.write('a/package.json', manifest)
    source.write('z/large.bin', randomBytes(200_000))
    execFileSync('tar', ['-czf', path.join(folder.root, 'a.tgz'), '-C', source.root, 'a', 'z'])
    const whole = (await run([folder.root])).bytes
    execFileSync('truncate', ['-s', '100000', path.join(folder.root, 'a.tgz')])
    const report = await run([folder.root])
    expect(whole).toBe(manifest.length + 200_000)
    expect(report.mentions).toHaveLength(1)
    expect(report.gaps.map(({ reason }) => reason)).toEqual([expect.stringContaining('could not be read to its end')])
  })

  test('one entry that is encrypted, damaged or of an unknown method does not cost the others', async () => {
    using folder = createFolder()
    const content = Buffer.from(manifest)
    folder.write('a.zip', writeZip([
      { name: 'encrypted.json', content, flags: 0x801 },
      { name: 'lies.json', content, claimedSize: 20 },
      { name: 'strange.json', content, method: 99 },
      { name: '../../outside/package.json', content },
    ]))
    const report = await run([folder.root])
    expect(report.gaps.map(({ path: file, reason }) => `${path.relative(folder.root, file)}: ${reason}`)).toEqual([
      'a.zip!/encrypted.json: cannot be read: it is encrypted',
      'a.zip!/lies.json: cannot be read: it is damaged',
      'a.zip!/strange.json: cannot be read: its compression method is not known',
    ])
    expect(report.mentions.map(({ role }) => role)).toEqual(['dependency'])
  })

  test('a bomb is left at its limit, in every kind of archive', async () => {
    using folder = createFolder()
    const zeros = Buffer.alloc(30_000_000)
    folder.write('one.zip', writeZip([{ name: 'zeros', content: zeros }, inZip]))
    folder.write('one.gz', gzipSync(Buffer.alloc(60_000_000)))
    folder.write('source/zeros', Buffer.alloc(60_000_000))
    execFileSync('tar', ['-czf', path.join(folder.root, 'one.tgz'), '-C', path.join(folder.root, 'source'), 'zeros'])
    const report = await run(['one.zip', 'one.gz', 'one.tgz'].map((name) => path.join(folder.root, name)))
    expect(report.mentions).toEqual([])
    expect(report.gaps.map(({ path: file, reason }) => `${path.relative(folder.root, file)}: ${reason}`)).toEqual([
      'one.zip: the archive unpacks to much more than it could honestly hold; the rest was not looked at',
      'one.gz!/one: has more than --max-bytes allows (50 MB), and was not looked at',
      'one.tgz!/zeros: has 60 MB, more than --max-bytes allows (50 MB), and was not looked at',
      'one.tgz: the archive could not be read to its end: it unpacks to much more than it could honestly hold',
    ])
  })

  test('more entries than the limit are a gap', async () => {
    const bytes = writeZip([inZip, inZip, inZip])
    const told: string[] = []
    const entries: Entry[] = []
    const limits = { ...archiveLimits, maxBytes: 1_000, maxEntries: 2 }
    for await (const entry of readArchive('zip', { bytes, size: bytes.length }, 'a.zip', { limits }, (reason) => told.push(reason))) entries.push(entry)
    expect(entries).toHaveLength(2)
    expect(told).toEqual(['the archive, with all archives inside it, has more than 2 entries; the others were not looked at'])
  })
})

describe('archives inside archives', () => {
  const jar = (...more: Parameters<typeof writeZip>[0][number][]) => writeZip([{ name: 'META-INF/package.json', content: Buffer.from(manifest) }, ...more])

  test('are opened, of whatever kind, and the way to a name is shown', async () => {
    using folder = createFolder()
    const war = writeZip([{ name: 'WEB-INF/lib/b.jar', content: jar(), method: 0 }, { name: 'doc.txt.gz', content: gzipSync(secret) }])
    folder.write('dist.zip', writeZip([{ name: 'a.war', content: war }]))
    folder.write('source/b.jar', jar())
    execFileSync('tar', ['-czf', path.join(folder.root, 'c.tgz'), '-C', path.join(folder.root, 'source'), 'b.jar'])
    folder.write('d.zip', writeZip([{ name: 'c.tgz', content: readFileSync(path.join(folder.root, 'c.tgz')) }]))
    const report = await run(['dist.zip', 'd.zip'].map((name) => path.join(folder.root, name)))
    expect(places(report, folder.root)).toEqual([
      'd.zip!/c.tgz!/b.jar!/META-INF/package.json:3 dependency',
      'dist.zip!/a.war!/WEB-INF/lib/b.jar!/META-INF/package.json:3 dependency',
      'dist.zip!/a.war!/doc.txt.gz!/doc.txt:1 prose',
    ])
    expect(report).toMatchObject({ gaps: [], documents: 3 })
  })

  test('and in a history too', async () => {
    using folder = createFolder()
    folder.git('init', '-q')
    folder.write('a.war', writeZip([{ name: 'b.jar', content: jar() }]))
    folder.commit('x')
    expect(places(await run([folder.root], { what: 'history' }), folder.root)).toEqual(['a.war!/b.jar!/META-INF/package.json:3 dependency'])
  })

  test('too deep inside each other are a gap, whatever lies beside them is found', async () => {
    using folder = createFolder()
    let nested = jar()
    for (let depth = 0; depth < 9; depth += 1) nested = writeZip([{ name: 'n.zip', content: nested }])
    folder.write('a.zip', writeZip([{ name: 'n.zip', content: nested }, inZip]))
    const report = await run([path.join(folder.root, 'a.zip')])
    expect(places(report, folder.root)).toEqual(['a.zip!/lib/package.json:3 dependency'])
    expect(report.gaps).toEqual([{ path: path.join(folder.root, `a.zip${'!/n.zip'.repeat(8)}`), reason: 'lies in 8 archives inside each other, and was not opened' }])
  })

  test('that multiply what they hold have the limits of the outermost together', async () => {
    using folder = createFolder()
    // Each by itself unpacks honestly: to less than what is free.
    const small = writeZip([{ name: 'zeros', content: Buffer.alloc(9_000_000) }])
    folder.write('a.zip', writeZip(Array.from({ length: 20 }, (_, at) => ({ name: `${at}.zip`, content: small }))))
    const report = await run([path.join(folder.root, 'a.zip')])
    expect(report.bytes).toBeLessThan(60_000_000)
    expect(report.gaps.map(({ reason }) => reason)).toContain('the archive unpacks to much more than it could honestly hold; the rest was not looked at')
  })

  test('of a kind that cannot be opened are one gap together', async () => {
    using folder = createFolder()
    const closed = Buffer.from('7z\u00bc\u00af', 'latin1')
    folder.write('a.zip', writeZip([{ name: 'x.7z', content: closed }, { name: 'y.rar', content: Buffer.from('Rar!\0') }, inZip]))
    const { gaps, mentions } = await run([folder.root])
    expect(mentions).toHaveLength(1)
    expect(gaps.map(({ reason }) => reason)).toEqual(['holds what is packed in a way that cannot be opened here: x.7z and 1 more'])
  })
})

test('what only has the name of an archive (a pointer of Git LFS, an error page, nothing) is read as what it is', async () => {
  using folder = createFolder()
  folder.write('a.zip', `version https://git-lfs.github.com/spec/v1\n${secret}\n`)
  folder.write('b.tgz', '')
  folder.write('c.7z', '<html>')
  folder.write('d.zip', writeZip([{ name: 'e.jar', content: Buffer.from(secret) }]))
  const report = await run([folder.root])
  expect(places(report, folder.root)).toEqual(['a.zip:2 code', 'd.zip!/e.jar:1 code'])
  expect(report).toMatchObject({ gaps: [], documents: 4 })
})
