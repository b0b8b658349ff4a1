import { afterAll, beforeAll, expect, test } from 'vitest'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { namesake } from '../cli/run-namesake.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'namesake-audit-'))
  const write = (file: string, text: string): void => {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true })
    writeFileSync(path.join(folder, file), text)
  }
  write('names.yaml', 'organization: { name: Acme Corp }\ninventory: [{ pattern: "@acme-corp/*", ecosystem: npm }, { host: npm.acme.example }]\n')
  const manifest = '{\n  "dependencies": { "@acme-corp/auth": "1" }\n}\n'
  write('bad/package.json', manifest)
  write('good/package.json', manifest)
  write('good/.npmrc', '@acme-corp:registry=https://npm.acme.example/\n')
  write('vague/package.json', manifest)
  write('vague/.npmrc', '@acme-corp:registry=${WHERE}\n')
  write('good/node_modules/x/package.json', manifest)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const audit = (...args: string[]) => namesake(['audit', '-c', 'names.yaml', ...args], { cwd: folder })

test('audit: exit code, line, fix and the share of safe projects', async () => {
  const [all, good, vague] = await Promise.all([audit('--all', '.'), audit('good'), audit('vague')])
  expect(all.code).toBe(1)
  expect(all.stdout).toMatch(/^exposed {2}bad {2}npm\n {2}bad\/package\.json:2: @acme-corp\/auth is installed, and nothing in the project says where from: .*\n {2}fix: \.npmrc .*\n {4}@acme-corp:registry=https:\/\/npm\.acme\.example\/npm\/\n\nunknown {2}vague/)
  expect(all.stdout).toMatch(/\nsafe {2}good {2}npm\n {2}good\/\.npmrc:1: /)
  expect(all.stderr).toBe('1 of 3 projects safe (33%).\n')
  expect(good).toMatchObject({ code: 0, stdout: '', stderr: '1 of 1 project safe (100%).\n' })
  expect(vague.code).toBe(2)
})

test('audit: JSON for machines; a path that is not there is bad input', async () => {
  const [json, missing] = await Promise.all([audit('--format', 'json', 'bad'), audit('nowhere')])
  expect(JSON.parse(json.stdout)).toEqual([expect.objectContaining({ project: 'bad', ecosystem: 'npm', kind: 'npm', verdict: 'exposed', path: 'bad/package.json', line: 2 })])
  expect(missing).toMatchObject({ code: 2, stdout: '' })
  expect(missing.stderr).toMatch(/"nowhere"|there is no such file or folder/)
})
