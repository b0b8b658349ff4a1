import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { processes } from '../src/processes/all.ts'

const root = path.join(import.meta.dirname, '..')
const service = z.looseObject({ command: z.array(z.string()).optional(), healthcheck: z.looseObject({ test: z.array(z.string()) }).optional() })
const compose = z
  .object({ services: z.record(z.string(), service) })
  .parse(parse(readFileSync(path.join(root, 'docker-compose.yml'), 'utf8'), { merge: true }))
const workers = readdirSync(path.join(root, 'workers')).map((file) => file.replace(/\.ts$/, '')).sort()

/** A worker's job file; the scheduler's job is the clock. */
const jobFiles: Readonly<Record<string, string>> = { scheduler: 'schedule' }

/** Processes that answer people instead of working off a queue. */
const faces: readonly string[] = ['web']

describe('ls workers is the list of running processes', () => {
  test('every process has a file in workers, and every file is a process', () => {
    expect(workers).toEqual(Object.keys(processes).sort())
  })

  test.each(workers)('%s starts the process of its own name and nothing else', (name) => {
    const text = readFileSync(path.join(root, 'workers', `${name}.ts`), 'utf8')
    expect(text).toContain(`await runProcess('${name}')`)
    expect(text.split('\n').length).toBeLessThanOrEqual(20)
  })

  test.each(workers.filter((name) => !faces.includes(name)))('%s has a job of its name', (name) => {
    expect(readdirSync(path.join(root, 'src/jobs'))).toContain(`${jobFiles[name] ?? name}.ts`)
  })

  test.each(workers)('%s has a compose service that runs it and asks whether it lives', (name) => {
    expect(compose.services[name]?.command).toEqual([`workers/${name}.ts`])
    expect(compose.services[name]?.healthcheck?.test.slice(-2)).toEqual(['--alive', name])
  })

  test('compose starts no worker that is not there', () => {
    const others = ['postgres', 'redis', 'migrate']
    expect(Object.keys(compose.services).filter((name) => !others.includes(name)).sort()).toEqual(workers)
  })

  test('Redis never evicts a job', () => {
    expect(compose.services['redis']?.command?.join(' ')).toContain('--maxmemory-policy noeviction')
  })
})
