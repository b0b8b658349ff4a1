import type { Format } from '../format.ts'
import { bunfig, bunLock } from './bun.ts'
import { cargoConfig, cargoLock, cargoToml } from './cargo.ts'
import { composerJson, composerLock } from './composer.ts'
import { conda } from './conda.ts'
import { compose, helm, kubernetes } from './containers.ts'
import { dockerfile } from './dockerfile.ts'
import { gemfile, gemfileLock, gemspec } from './gemfile.ts'
import { goMod, goSum } from './go-mod.ts'
import { gradle, sbt, versionCatalog } from './gradle.ts'
import { jenkinsfile } from './jenkinsfile.ts'
import { npmLock } from './npm-lock.ts'
import { npmrc } from './npmrc.ts'
import { msbuild, nugetConfig, nugetLock, nugetPackages } from './nuget.ts'
import { packageJson } from './package-json.ts'
import { pipConf } from './pip-conf.ts'
import { pipfile, pipfileLock } from './pipfile.ts'
import { pnpmLock, pnpmWorkspace } from './pnpm-lock.ts'
import { mavenSettings, pom } from './pom.ts'
import { pyproject } from './pyproject.ts'
import { pythonLock } from './python-lock.ts'
import { requirements } from './requirements.ts'
import { renovateConfig, settingsFile } from './settings-files.ts'
import { setupCfg } from './setup-cfg.ts'
import { setupPy } from './setup-py.ts'
import { terraform } from './terraform.ts'
import { yamlCi } from './yaml-ci.ts'
import { yarnLock } from './yarn-lock.ts'
import { yarnrc, yarnrcYaml } from './yarnrc.ts'

/** Every format, alphabetically by file; the first that claims a path, else the first that claims a content, reads it. */
export const formats: readonly Format[] = [
  bunLock, bunfig,
  cargoConfig, cargoLock, cargoToml,
  composerJson, composerLock,
  conda,
  // Before Kubernetes, whose folders may hold charts.
  compose, helm, kubernetes,
  dockerfile,
  gemfile, gemfileLock, gemspec,
  goMod, goSum,
  gradle, sbt, versionCatalog,
  jenkinsfile,
  npmLock,
  npmrc,
  msbuild, nugetConfig, nugetLock, nugetPackages,
  packageJson,
  pipConf,
  pipfile, pipfileLock,
  pnpmLock, pnpmWorkspace,
  mavenSettings, pom,
  pyproject,
  pythonLock,
  requirements,
  renovateConfig, settingsFile,
  setupCfg,
  setupPy,
  terraform,
  ...yamlCi,
  yarnLock,
  yarnrc, yarnrcYaml,
]
