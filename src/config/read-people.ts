import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { Invalid, type Fault } from '../errors.ts'
import { quote } from '../inventory/describe-issues.ts'
import { decodeText } from '../inventory/read-yaml.ts'
import { login } from '../sources/settings.ts'

/**
 * The logins of a file, one a line; `#` begins a remark.
 * @param name as the configuration has it, relative to its folder
 * @throws Invalid with every line that is no login, and when the file cannot be read
 */
export async function readPeople(name: string, { where, folder }: { readonly where: string; readonly folder: string }): Promise<readonly string[]> {
  let bytes: Uint8Array
  try {
    bytes = await readFile(path.resolve(folder, name))
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'
    throw new Invalid([{ where, key: 'sources.github.peopleFile', value: quote(name), expected: `the file cannot be read: ${code}` }], { cause: error })
  }
  const faults: Fault[] = []
  const people: string[] = []
  for (const [index, line] of decodeText(bytes, name).split(/\r?\n/).entries()) {
    const text = line.replace(/(?:^|\s)#.*$/, '').trim()
    if (text === '') continue
    if (login.safeParse(text).success) people.push(text)
    else faults.push({ where: `${name}:${index + 1}`, key: '', value: quote(text), expected: 'the login of a GitHub account, one a line, without @ and address' })
  }
  if (faults.length > 0) throw new Invalid(faults)
  return people
}
