import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { exitCodeOf, render } from '../../src/cli/scan.ts'
import { createFolder, manifest, run, secret } from './support.ts'

const program = path.join(import.meta.dirname, '../../src/cli/namesake.ts')
const configuration = `
organization: { name: Acme }
inventory: [{ name: ${secret}, ecosystem: npm, team: identity }]
sources: { github: { token: "\${NOT_SET_HERE}" } }
notify: { slack: { webhookUrl: "\${NOR_HERE}" } }
`

function createProject() {
  const folder = createFolder()
  const config = folder.write('config/namesake.yaml', configuration)
  const scan = (args: readonly string[], input = '') => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, '--config', config, 'scan', ...args], { cwd: folder.root, input, encoding: 'utf8' })
    return { status, stdout, stderr }
  }
  return Object.assign(folder, { config, scan })
}

describe('namesake scan', () => {
  test('without a token: 0 and nothing on standard output when clean', () => {
    using project = createProject()
    project.write('src/a.json', '{}')
    expect(project.scan(['src'])).toEqual({ status: 0, stdout: '', stderr: '1 file, 0.0 MB: no internal name.\n' })
  })

  test('1 and a line for every place when names are found', () => {
    using project = createProject()
    project.write('src/package.json', manifest)
    const { status, stdout, stderr } = project.scan(['src'])
    expect(status).toBe(1)
    expect(stdout).toBe(`src/package.json:3:6  dependency  ${secret}  "${secret}": "^1.0.0"\n`)
    expect(stderr).toBe('1 file, 0.0 MB: 1 internal name in 1 place.\n')
  })

  test('2 when nothing was found and something could not be looked at; 1 when something was found', () => {
    using project = createProject()
    project.write('src/broken.zip', 'PK, and no zip')
    const broken = project.scan(['src'])
    expect(broken.status).toBe(2)
    expect(broken.stderr).toContain('not scanned: src/broken.zip: the archive could not be read')
    expect(broken.stderr).toContain('no internal name. Not everything was looked at.')
    project.write('src/package.json', manifest)
    const both = project.scan(['src'])
    expect(both.status).toBe(1)
    expect(both.stderr).toContain('Not everything was looked at.')
  })

  test.each([
    [['no-such-folder'], '"no-such-folder"'],
    [['--history', 'config'], 'git finds no repository here'],
    [['--staged', '--history'], 'cannot be used with'],
    [['--format', 'xml'], 'Allowed choices are text, json, sarif'],
    [['--max-bytes', '1e9'], 'expected a number of bytes'],
    [['--output', 'no/such/folder/x', '.'], 'the file cannot be written: ENOENT'],
    [['--stdin-path', 'x', '.'], 'standard input is not read'],
  ])('2 and one message for bad input: %j', (args, message) => {
    using project = createProject()
    const { status, stderr, stdout } = project.scan(args)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toContain(message)
  })

  test('JSON is an array with the fields of the contract', () => {
    using project = createProject()
    const { stdout, status } = project.scan(['-', '--stdin-path', 'x/package.json', '--format', 'json'], manifest)
    expect(status).toBe(1)
    expect(JSON.parse(stdout)).toEqual([{
      identifier: secret, kind: 'package', ecosystem: 'npm', team: 'identity', severity: 'critical', reasons: [expect.any(String)],
      path: 'x/package.json', line: 3, column: 6, role: 'dependency', details: expect.objectContaining({ format: 'package-json' }), snippet: `    "${secret}": "^1.0.0"`,
    }])
    expect(project.scan(['-', '--format', 'json'], 'clean')).toMatchObject({ status: 0, stdout: '[]\n' })
  })

  test('a result that goes to a file is complete, and no part of the next scan', () => {
    using project = createProject()
    project.write('src/package.json', manifest)
    for (let times = 0; times < 2; times += 1) expect(project.scan(['src', '--format', 'sarif', '--output', 'src/report.sarif']).status).toBe(1)
    expect(JSON.parse(readFileSync(path.join(project.root, 'src/report.sarif'), 'utf8')).runs[0].results).toHaveLength(1)
  })

  test('as a pre-commit hook it stops the commit that would leak, and no other', () => {
    using project = createProject()
    project.git('init', '-q')
    project.write('.gitignore', 'config\n')
    const hook = project.write('.git/hooks/pre-commit', `#!/bin/sh\nexec '${process.execPath}' '${program}' --config config/namesake.yaml scan --staged\n`)
    execFileSync('chmod', ['+x', hook])
    project.write('package.json', manifest)
    project.git('add', '.')
    expect(() => project.git('commit', '-m', 'leak')).toThrow('Command failed')
    project.write('package.json', '{}')
    project.git('add', '.')
    project.git('commit', '-q', '-m', 'clean')
    expect(project.git('log', '--format=%s')).toBe('clean')
  })

  test('says when the inventory itself is among what was scanned', () => {
    using project = createProject()
    expect(project.scan(['.']).stderr).toContain('The inventory itself stands among what was scanned')
  })

  test('Ctrl-C ends it within a second, with exit code 2 and the word for it', async () => {
    using project = createProject()
    const child = spawn(process.execPath, [program, '--config', project.config, 'scan', '-'], { cwd: project.root, stdio: ['pipe', 'ignore', 'pipe'] })
    let stderr = ''
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString()
    })
    // The program reads when it takes what is more than a pipe holds; then it waits for the rest.
    await new Promise((resolve) => child.stdin.write('x'.repeat(4_000_000), resolve))
    const asked = performance.now()
    child.kill('SIGINT')
    const code = await new Promise((resolve) => child.once('close', resolve))
    expect(code).toBe(2)
    expect(performance.now() - asked).toBeLessThan(1_000)
    expect(stderr).toContain('Interrupted before the end')
  })
})

describe('the text', () => {
  test('cannot steer a terminal, whatever a file is called and holds', async () => {
    using folder = createFolder()
    folder.write('a\u001b[2J\n.txt', `\u001b]0;title\u0007 \u202e ${secret}\r\n`)
    const text = render(await run([folder.root]), 'text', false)
    expect(text.slice(0, -1)).not.toMatch(/\p{Cc}|\p{Bidi_Control}/u)
    expect(text.endsWith('\n')).toBe(true)
  })

  test('a gap matters when nothing was found', () => {
    const gap = { path: 'a', reason: 'b' }
    expect(exitCodeOf({ mentions: [], gaps: [], interrupted: false })).toBe(0)
    expect(exitCodeOf({ mentions: [], gaps: [gap], interrupted: false })).toBe(2)
    expect(exitCodeOf({ mentions: [], gaps: [], interrupted: true })).toBe(2)
  })
})
