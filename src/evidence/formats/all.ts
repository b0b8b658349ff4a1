import type { Format } from '../format.ts'
import { dockerfile } from './dockerfile.ts'
import { gitlabCi } from './gitlab-ci.ts'
import { npmLock } from './npm-lock.ts'
import { npmrc } from './npmrc.ts'
import { packageJson } from './package-json.ts'
import { mavenSettings, pom } from './pom.ts'
import { requirements } from './requirements.ts'

/** Every format, alphabetically; the first that claims a file reads it. */
export const formats: readonly Format[] = [dockerfile, gitlabCi, mavenSettings, npmLock, npmrc, packageJson, pom, requirements]
