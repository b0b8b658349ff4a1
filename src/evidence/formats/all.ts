import type { Format } from '../format.ts'
import { dockerfile } from './dockerfile.ts'
import { npmLock } from './npm-lock.ts'
import { npmrc } from './npmrc.ts'
import { packageJson } from './package-json.ts'
import { pipConf } from './pip-conf.ts'
import { pipfile, pipfileLock } from './pipfile.ts'
import { mavenSettings, pom } from './pom.ts'
import { pyproject } from './pyproject.ts'
import { pythonLock } from './python-lock.ts'
import { requirements } from './requirements.ts'
import { setupCfg } from './setup-cfg.ts'
import { yamlCi } from './yaml-ci.ts'

/** Every format, alphabetically; the first that claims a file reads it. */
export const formats: readonly Format[] = [
  dockerfile, mavenSettings, npmLock, npmrc, packageJson, pipConf, pipfile, pipfileLock, pom, pyproject, pythonLock, requirements, setupCfg, ...yamlCi,
]
