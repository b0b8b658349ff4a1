import { z } from 'zod'
import { json, type RegistryQuestion, type RegistryReply } from './answer.ts'
import type { Stock } from './packages.ts'

const query = z.object({ package: z.object({ name: z.string(), ecosystem: z.string() }) })
const names: Readonly<Record<string, string>> = { npm: 'npm', PyPI: 'pypi', RubyGems: 'rubygems', 'crates.io': 'crates', Maven: 'maven', NuGet: 'nuget', Packagist: 'packagist', Go: 'go' }

/** OSV: `POST /v1/query`. */
export function answerOsv(malicious: NonNullable<Stock['malicious']>, { path, body }: RegistryQuestion): RegistryReply {
  if (path.join('/') !== 'v1/query') return json({ code: 5, message: 'Not Found' }, 404)
  const parsed = query.safeParse(parseJson(body))
  const registry = parsed.success ? names[parsed.data.package.ecosystem] : undefined
  if (!parsed.success || registry === undefined) return json({ code: 3, message: 'Invalid query.' }, 400)
  const vulns = malicious.filter((one) => one.registry === registry && one.name === parsed.data.package.name).map(({ id }) => ({ id, modified: '2024-01-01T00:00:00Z', summary: 'Malicious code' }))
  return json(vulns.length === 0 ? {} : { vulns })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
