import type { Declaration, Declarer, Named } from './declaration.ts'
import { declareImages, declareImagesOfDockerfile } from './declarations/containers.ts'
import { declareGoMod, declareGoSum } from './declarations/go.ts'
import { declareCatalog, declareGradle, declarePom, declareSbt } from './declarations/jvm.ts'
import { declareBunfig, declareBunLock, declareNpmLock, declareNpmrc, declarePackageJson, declarePnpmLock, declareYarnLock, declareYarnrc, declareYarnrcYaml } from './declarations/npm.ts'
import { declareComposerLock } from './declarations/php.ts'
import { declarePipfileLock, declarePythonLock, declareRequirements } from './declarations/python.ts'
import { declareGemfileLock } from './declarations/ruby.ts'
import { declareCargoLock } from './declarations/rust.ts'
import { formatOf } from './open-reader.ts'
import { createSourceText } from './source-text.ts'
import { hostOf } from './urls.ts'

/** Declarers by the id of the format that they read. A format that is not here declares nothing that we can place. */
const declarers: ReadonlyMap<string, Declarer> = new Map([
  ['bun-lock', declareBunLock],
  ['bunfig', declareBunfig],
  ['cargo-lock', declareCargoLock],
  ['compose', declareImages],
  ['composer-lock', declareComposerLock],
  ['dockerfile', declareImagesOfDockerfile],
  ['gemfile-lock', declareGemfileLock],
  ['go-mod', declareGoMod],
  ['go-sum', declareGoSum],
  ['gradle', declareGradle],
  ['gradle-catalog', declareCatalog],
  ['helm', declareImages],
  ['kubernetes', declareImages],
  ['npm-lock', declareNpmLock],
  ['npmrc', declareNpmrc],
  ['package-json', declarePackageJson],
  ['pipfile-lock', declarePipfileLock],
  ['pnpm-lock', declarePnpmLock],
  ['pom', declarePom],
  ['python-lock', declarePythonLock],
  ['requirements', declareRequirements],
  ['sbt', declareSbt],
  ['yarn-lock', declareYarnLock],
  ['yarnrc', declareYarnrc],
  ['yarnrc-yml', declareYarnrcYaml],
])

/** Bytes at the beginning of a document that are read: as far as its structure is read for mentions. */
const maxRead = 8 * 1024 * 1024
/** Names of one file that are kept; the largest real lock files have some thousands. */
const maxDeclarations = 20_000

/** What a name may be made of, in any ecosystem; variables, patterns and broken texts are no names. */
const plainName = /^[@\w][\w@/.:~+-]{0,299}$/

/**
 * The names that a file declares, each with where it comes from as far as the file says (see `Origin`), in the order of
 * the file, repeats included. Total: a broken or unknown file declares fewer names or none. Linear in the text, at most
 * 8 MB of it, at most 20,000 names. Prose declares nothing, code blocks in it neither.
 *
 * @param document `text` is what `matching/readable.ts` returns: offsets are byte offsets into it
 */
export function declare(document: { readonly path: string | null; readonly text: Uint8Array }): Declaration[] {
  const { buffer, byteOffset, byteLength } = document.text
  const file = createSourceText(document.path ?? '', Buffer.from(buffer, byteOffset, Math.min(byteLength, maxRead)).toString('latin1'))
  const declarer = declarers.get(formatOf(file)?.id ?? '')
  if (declarer === undefined) return []
  const declarations: Declaration[] = []
  declarer(file, (named) => {
    if (declarations.length < maxDeclarations && plainName.test(named.name)) declarations.push(place(named))
  })
  return declarations
}

function place({ name, kind = 'package', ecosystem, start, end, url = null, host = null, group = null, how = 'resolved from' }: Named): Declaration {
  const scope = kind === 'package' && ecosystem === 'npm' && name.startsWith('@') && name.includes('/') ? name.slice(0, name.indexOf('/')) : null
  return { name, kind, ecosystem, start, end, from: { host: host ?? hostOf(url), path: pathOfUrl(url), scope, group }, how }
}

/** From the slash behind the host up to query or fragment; null where there is none. */
function pathOfUrl(url: string | null): string | null {
  return url === null ? null : (/\/\/[^/?#\s]{1,500}(?<path>\/[^?#\s]{0,1000})/.exec(url)?.groups?.['path'] ?? null)
}
