import { createRandom } from '../random.ts'

const stems = ['array', 'babel', 'cache', 'color', 'css', 'date', 'debug', 'event', 'fast', 'glob', 'graph', 'html', 'json', 'koa', 'lru', 'merge', 'node', 'object', 'path', 'promise', 'regex', 'stream', 'string', 'url', 'webpack', 'yaml']
const tails = ['plugin', 'loader', 'parser', 'walk', 'core', 'utils', 'types', 'stringify', 'resolve', 'helper', 'runtime', 'preset', 'map', 'clone', 'scan', 'compat']

interface LockedPackage {
  readonly name: string
  readonly version: string
  readonly resolved: string
}

function entry({ name, version, resolved }: LockedPackage, integrity: string): string {
  return `    "node_modules/${name}": {\n      "version": "${version}",\n      "resolved": "${resolved}",\n      "integrity": "sha512-${integrity}"\n    }`
}

function publicPackage(position: number, version: string): LockedPackage {
  const name = `${stems[position % stems.length]}-${tails[Math.floor(position / stems.length) % tails.length]}${position < 416 ? '' : `-${position}`}`
  return { name, version, resolved: `https://registry.example/${name}/-/${name}-${version}.tgz` }
}

/** A package-lock.json (version 3) with so many public packages, and ours among them in the order of names. */
export function packageLock(project: string, publicPackages: number, ours: readonly LockedPackage[]): string {
  const random = createRandom(publicPackages)
  const digits = () => Math.floor(random() * 10)
  const hash = () => Array.from({ length: 86 }, () => 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'[Math.floor(random() * 64)]).join('')
  const all = [...ours]
  for (let position = 0; position < publicPackages; position += 1) all.push(publicPackage(position, `${digits()}.${digits()}.${digits()}`))
  const entries = all.sort((a, b) => (a.name < b.name ? -1 : 1)).map((one) => entry(one, `${hash()}==`))
  return `{\n  "name": "${project}",\n  "lockfileVersion": 3,\n  "requires": true,\n  "packages": {\n${entries.join(',\n')}\n  }\n}\n`
}
