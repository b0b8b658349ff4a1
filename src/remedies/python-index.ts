import type { Fix } from './contract.ts'
import { packageOf } from './names.ts'
import { addressOf, checkAddress, tomlString } from './quote.ts'

/**
 * https://pip.pypa.io/en/stable/topics/configuration/ · https://python-poetry.org/docs/repositories/#explicit-package-sources
 * · https://docs.astral.sh/uv/concepts/indexes/#pinning-a-package-to-an-index
 */
export const pythonIndex: Fix = (leak, company) => {
  const name = packageOf(leak, 'pypi')
  if (name === null) return []
  const url = addressOf('pypi', company)
  const check = checkAddress(company)
  return [
    {
      title: 'One index: pip',
      note: `pip takes the highest version of all its indexes, so that extra-index-url is the hole itself: remove it, and let your registry pass on what is public. ${check}`,
      file: 'pip.conf',
      language: 'ini',
      text: `[global]\nindex-url = ${url}\n`,
    },
    {
      title: 'An explicit source: Poetry',
      note: `Only packages that name the source come from it, and ${name} from nowhere else. Then run poetry lock. ${check}`,
      file: 'pyproject.toml',
      language: 'toml',
      text: `[[tool.poetry.source]]\nname = "internal"\nurl = ${tomlString(url)}\npriority = "explicit"\n\n[tool.poetry.dependencies]\n${tomlString(name)} = { version = "*", source = "internal" }\n`,
    },
    {
      title: 'An explicit index: uv',
      note: `Only packages under tool.uv.sources come from it, and ${name} from nowhere else. Then run uv lock. ${check}`,
      file: 'pyproject.toml',
      language: 'toml',
      text: `[[tool.uv.index]]\nname = "internal"\nurl = ${tomlString(url)}\nexplicit = true\n\n[tool.uv.sources]\n${tomlString(name)} = { index = "internal" }\n`,
    },
  ]
}
