import { open } from 'node:fs/promises'
import type { Fault } from '../errors.ts'

/** Environment variables, as `process.env` holds them. */
export type Environment = Readonly<Record<string, string | undefined>>

/** A key that counts as absent because its variable is not set. */
export interface Unset {
  /** Dotted path in the file. */
  readonly key: string
  readonly variable: string
}

export interface Interpolated {
  readonly value: unknown
  readonly faults: readonly Fault[]
  readonly unset: readonly Unset[]
  /** Dotted paths of texts that have a fault because a variable inside them is not set. */
  readonly halfSet: ReadonlySet<string>
  /** Dotted paths of values that came from the environment as a whole. */
  readonly fromEnvironment: ReadonlySet<string>
}

/** A secret file is a token or a URL; more than this is the wrong file. */
const maxFileBytes = 64 * 1024

/**
 * The value of an environment variable: `NAME`, else the content of the file that `NAME_FILE` names, without its
 * last newline (the form of Docker and Kubernetes secrets). Empty counts as not set.
 * @returns undefined when it is not set; `fault` when the file cannot be read, without its content
 */
export async function readVariable(name: string, env: Environment): Promise<{ readonly value?: string; readonly fault?: Fault }> {
  const direct = env[name]
  if (direct !== undefined && direct !== '') return { value: direct }
  const file = env[`${name}_FILE`]
  if (file === undefined || file === '') return {}
  try {
    const content = (await readCapped(file)).replace(/\r?\n$/, '')
    return content === '' ? {} : { value: content }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'too large, or not UTF-8'
    return { fault: { where: 'environment', key: `${name}_FILE`, value: JSON.stringify(file), expected: `the file cannot be read: ${code}` } }
  }
}

async function readCapped(file: string): Promise<string> {
  const handle = await open(file)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(maxFileBytes + 1), 0, maxFileBytes + 1, 0)
    if (bytesRead > maxFileBytes) throw new Error('too large')
    return new TextDecoder('utf-8', { fatal: true }).decode(buffer.subarray(0, bytesRead))
  } finally {
    await handle.close()
  }
}

/**
 * Puts environment variables into every text of a parsed file (values, never keys).
 *
 * | written                        | becomes                                                                |
 * | ------------------------------ | ---------------------------------------------------------------------- |
 * | `"${NAME}"`, set               | its value                                                              |
 * | `"${NAME}"`, not set           | the key is absent; so is a mapping that had keys and lost every one     |
 * | `"https://${NAME}/x"`, set     | the text with the value put in                                         |
 * | `"https://${NAME}/x"`, not set | a fault: half a value is worse than none                               |
 * | `"$${NAME}"`                   | the text `${NAME}`                                                     |
 * | `"${"` and anything else       | a fault                                                                |
 *
 * What a variable holds is never interpolated again.
 */
export async function interpolate(value: unknown, env: Environment, where: string): Promise<Interpolated> {
  const faults: Fault[] = []
  const unset: Unset[] = []
  const halfSet = new Set<string>()
  const fromEnvironment = new Set<string>()
  const known = new Map<string, string | undefined>()

  async function lookUp(name: string): Promise<string | undefined> {
    if (!known.has(name)) {
      const read = await readVariable(name, env)
      if (read.fault !== undefined) faults.push(read.fault)
      known.set(name, read.value)
    }
    return known.get(name)
  }

  async function visitText(text: string, key: string): Promise<string | undefined> {
    const whole = /^\$\{(?<name>[A-Za-z_]\w*)\}$/.exec(text)?.groups?.['name']
    if (whole !== undefined) {
      const found = await lookUp(whole)
      if (found === undefined) unset.push({ key, variable: whole })
      else fromEnvironment.add(key)
      return found
    }
    let result = ''
    let rest = text
    for (let at = rest.indexOf('${'); at !== -1; at = rest.indexOf('${')) {
      if (rest[at - 1] === '$') {
        result += `${rest.slice(0, at - 1)}\${`
        rest = rest.slice(at + 2)
        continue
      }
      const name = /^\$\{(?<name>[A-Za-z_]\w*)\}/.exec(rest.slice(at, at + 200))?.groups?.['name']
      if (name === undefined) {
        faults.push({ where, key, expected: 'expected a name after ${, as in ${GITHUB_TOKEN}; write $${ for the two characters themselves' })
        return text
      }
      const found = await lookUp(name)
      if (found === undefined) {
        faults.push({ where, key, expected: `the environment variable ${name} is not set, and the text around it needs it` })
        halfSet.add(key)
        return text
      }
      result += rest.slice(0, at) + found
      rest = rest.slice(at + name.length + 3)
    }
    return result + rest
  }

  async function visit(current: unknown, key: string): Promise<unknown> {
    if (typeof current === 'string') return current.includes('${') ? visitText(current, key) : current
    if (typeof current !== 'object' || current === null) return current
    const inner = (name: string) => (key === '' ? name : `${key}.${name}`)
    if (Array.isArray(current)) {
      const entries: unknown[] = []
      for (const [index, entry] of current.entries()) {
        const replaced = await visit(entry, inner(String(index)))
        if (replaced !== undefined) entries.push(replaced)
      }
      return entries
    }
    const result: Record<string, unknown> = {}
    const names = Object.entries(current)
    for (const [name, entry] of names) {
      const replaced = await visit(entry, inner(name))
      // zod passes over this key, and assigning it would change the object instead of adding to it.
      if (name === '__proto__') faults.push({ where, key: inner(name), expected: 'unknown key' })
      else if (replaced !== undefined) result[name] = replaced
    }
    return names.length > 0 && Object.keys(result).length === 0 && key !== '' ? undefined : result
  }

  return { value: await visit(value, ''), faults, unset, halfSet, fromEnvironment }
}
