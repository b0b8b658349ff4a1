import { verdict, type Format, type Verdict } from '../format.ts'
import { readPythonSpecification } from '../python-specifications.ts'
import { readOutline, type Found } from '../read-outline.ts'
import { outlineIni } from '../structure/ini.ts'
import { asDetail, hostOf } from '../urls.ts'

/** Keys whose values are lists of requirements, with our word for the section. */
const lists: ReadonlyMap<string, string> = new Map([
  ['install_requires', 'runtime'],
  ['setup_requires', 'build'],
  ['tests_require', 'test'],
  ['deps', 'test'],
])

/** setup.cfg of setuptools, and tox.ini, which lists its dependencies the same way. */
export const setupCfg: Format = {
  id: 'setup-cfg',
  claimsPath: (file) => file.base === 'setup.cfg' || file.base === 'tox.ini',
  claimsContent: (head) => /^\[options\]\s*$/m.test(head) && /^install_requires\s*=/m.test(head),
  read: readOutline(outlineIni, readSpot),
}

function readSpot({ outline, spot, path, place }: Found): Verdict {
  const [table = '', key = ''] = path
  const section = table === 'options.extras_require' && spot.part === 'value' ? 'optional' : lists.get(key)
  if (section !== undefined && spot.part === 'value') return readPythonSpecification(outline.text.slice(spot.start, Math.min(spot.end, spot.start + 2_001)), place.start - spot.start, place, section)
  if (table === 'metadata' && key === 'name') return verdict('own-name')
  if (table === 'metadata') return verdict('prose', { section: asDetail(key) })
  if (/^(?:index[-_]url|find[-_]links|indexserver|install_command|repository)$/.test(key)) return verdict('registry-config', { key, registry: hostOf(outline.text.slice(spot.start, Math.min(spot.end, spot.start + 2_000))) })
  if (key === 'dependency_links') return verdict('resolved-url', { section: 'runtime' })
  return verdict('code', { section: asDetail(table) })
}
