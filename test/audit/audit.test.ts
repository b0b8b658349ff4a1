import { describe, expect, test } from 'vitest'
import { audit, isAudited } from '../../src/audit/audit.ts'
import { createOurs } from '../../src/audit/ours.ts'
import { writeAuditSarif } from '../../src/audit/write-sarif.ts'
import type { Term } from '../../src/contracts/match.ts'
import { createSourceText } from '../../src/evidence/source-text.ts'
import { sarifFaults } from '../formats/sarif-schema.ts'

const term = (text: string, kind: Term['kind'], ecosystem: Term['ecosystem'], more: Partial<Term> = {}): Term =>
  ({ id: text, form: 'name', kind, ecosystem, text, team: null, disclose: 'name', publicOnPurpose: false, near: [], where: 'test', ...more })
const terms: Term[] = [
  term('@acme-corp/', 'package', 'npm', { form: 'prefix' }),
  term('acme-legacy', 'package', 'npm'),
  term('@acme-corp/tokens', 'package', 'npm', { publicOnPurpose: true }),
  term('acme-ledger', 'package', 'pypi'),
  term('com.acmecorp.', 'package', 'maven', { form: 'prefix' }),
  term('Acme.Billing', 'package', 'nuget'),
  term('acme_auth', 'package', 'rubygems'),
  term('acmecorp/billing', 'package', 'packagist'),
  term('git.acme.example/platform/', 'package', 'go', { form: 'prefix' }),
  term('acme-proto', 'package', 'crates'),
  term('artifactory.acme.example', 'host', null),
]
const ours = createOurs(terms, ['corp.acme.test'])
const host = 'artifactory.acme.example'

type Files = Readonly<Record<string, string>>

function judged(files: Files): string[] {
  const texts = Object.entries(files).map(([path, text]) => createSourceText(path, text))
  expect(texts.filter((file) => !isAudited(file)).map(({ path }) => path), 'every file is one that an audit reads').toEqual([])
  return audit(texts, ours).rows.map(({ project, kind, verdict, path, line }) => `${project === '' ? '.' : project} ${kind} ${verdict} ${path}:${line}`)
}

const packageJson = '{\n  "name": "shop",\n  "dependencies": {\n    "@acme-corp/auth": "^1.0.0"\n  }\n}\n'
const unscoped = '{ "dependencies": { "acme-legacy": "1" } }'
const requirements = 'requests==2\nacme-ledger>=1.4\n'
const poetry = (source: string, dependency = 'acme-ledger = "^1"') => `[tool.poetry.dependencies]\n${dependency}\n\n${source}`
const poetrySource = (name: string, url: string, priority: string) => `[[tool.poetry.source]]\nname = "${name}"\nurl = "${url}"\n${priority}\n`
const uv = (rest: string) => `[project]\nname = "x"\ndependencies = ["acme-ledger>=1"]\n${rest}`
const simple = `https://${host}/pypi/simple`
const pipfile = (dependency: string, first: string, second = '') => `[[source]]\nname = "pypi"\nurl = "${first}"\n${second === '' ? '' : `[[source]]\nname = "acme"\nurl = "${second}"\n`}[packages]\n${dependency}\n`
const root = (artifact = 'parent', version = '1') => `<project><groupId>com.acmecorp.shop</groupId><artifactId>${artifact}</artifactId><version>${version}</version></project>`
const child = (parent = '', rest = '') => `<project><parent><groupId>com.acmecorp.shop</groupId><artifactId>parent</artifactId><version>1</version>${parent}</parent><artifactId>app</artifactId>${rest}</project>`
const pom = (rest = '') => `<project><groupId>x</groupId><artifactId>y</artifactId>${rest}<dependencies><dependency><groupId>com.acmecorp.auth</groupId><artifactId>client</artifactId><version>1</version></dependency></dependencies></project>`
const repository = (id: string, url: string) => `<repositories><repository><id>${id}</id><url>${url}</url></repository></repositories>`
const mirror = (of: string, url: string) => `<settings><mirrors><mirror><id>m</id><mirrorOf>${of}</mirrorOf><url>${url}</url></mirror></mirrors></settings>`
const gradle = (repositories: string) => `repositories {\n${repositories}\n}\ndependencies {\n  implementation("com.acmecorp.auth:client:1.0")\n}\n`
const csproj = '<Project><ItemGroup><PackageReference Include="Acme.Billing" Version="1.0" /></ItemGroup></Project>'
const nugetConfig = (sources: string, rest = '') => `<configuration><packageSources>${sources}</packageSources>${rest}</configuration>`
const oursNuget = `<add key="acme" value="https://${host}/nuget/index.json" />`
const nugetOrg = '<add key="nuget.org" value="https://api.nuget.org/v3/index.json" />'
const mapping = (pattern: string) => `<packageSourceMapping><packageSource key="acme"><package pattern="${pattern}" /></packageSource><packageSource key="nuget.org"><package pattern="*" /></packageSource></packageSourceMapping>`
const composer = (repositories: string) => `{"require": {"acmecorp/billing": "^1"}, "repositories": ${repositories}}`
const goMod = 'module shop\n\nrequire git.acme.example/platform/auth v1.2.3\n'
const cargo = (dependency: string) => `[package]\nname = "shop"\n\n[dependencies]\n${dependency}\n`
const registry = `[registries.acme]\nindex = "sparse+https://${host}/cargo/"\n`

const cases: readonly [string, Files, readonly string[]][] = [
  // npm
  ['a scope with its registry', { 'package.json': packageJson, '.npmrc': `@acme-corp:registry=https://${host}/npm/\n` }, ['. npm safe .npmrc:1']],
  ['a scope without one', { 'package.json': packageJson }, ['. npm exposed package.json:4']],
  ['another scope has a registry', { 'package.json': packageJson, '.npmrc': `@other:registry=https://${host}/npm/\n` }, ['. npm exposed package.json:4']],
  ['a scope that is sent to the public registry', { 'package.json': packageJson, '.npmrc': `registry=https://${host}/\n@acme-corp:registry=https://registry.example.org/\n` }, ['. npm exposed .npmrc:2']],
  ['an unscoped name with a registry for scopes only', { 'package.json': unscoped, '.npmrc': `@acme-corp:registry=https://${host}/npm/\n` }, ['. npm exposed package.json:1']],
  ['an unscoped name with a default registry of ours', { 'package.json': unscoped, '.npmrc': `registry = "https://${host}/npm/"\n` }, ['. npm safe .npmrc:1']],
  ['a registry that a variable holds', { 'package.json': packageJson, '.npmrc': '@acme-corp:registry=${NPM_URL}\n' }, ['. npm unknown .npmrc:1']],
  ['a way that a variable holds', { 'package.json': packageJson, '.npmrc': `@acme-corp:registry=https://${host}/\${REPO}/\n` }, ['. npm safe .npmrc:1']],
  ['a host below the domain of the organisation', { 'package.json': packageJson, '.npmrc': '@acme-corp:registry=https://npm.corp.acme.test/\n' }, ['. npm safe .npmrc:1']],
  ['a host that only ends like our domain', { 'package.json': packageJson, '.npmrc': '@acme-corp:registry=https://evilcorp.acme.test.example/\n' }, ['. npm exposed .npmrc:1']],
  ['Yarn Berry', { 'package.json': packageJson, '.yarnrc.yml': `npmScopes:\n  acme-corp:\n    npmRegistryServer: "https://${host}/npm/"\n` }, ['. npm safe .yarnrc.yml:3']],
  ['Yarn 1', { 'package.json': packageJson, '.yarnrc': `"@acme-corp:registry" "https://${host}/npm/"\n` }, ['. npm safe .yarnrc:1']],
  ['bun', { 'package.json': packageJson, 'bunfig.toml': `[install.scopes]\nacme-corp = "https://${host}/npm/"\n` }, ['. npm safe bunfig.toml:2']],
  ['a workspace under the settings of its root', { 'packages/a/package.json': packageJson, '.npmrc': `@acme-corp:registry=https://${host}/npm/\n` }, ['packages/a npm safe .npmrc:1']],
  ['settings beside it do not reach it', { 'a/package.json': packageJson, 'b/.npmrc': `@acme-corp:registry=https://${host}/npm/\n` }, ['a npm exposed a/package.json:4', 'b npm safe b/.npmrc:1']],
  ['only a container sets it', { 'package.json': packageJson, Dockerfile: `FROM node\nRUN npm config set @acme-corp:registry https://${host}/npm/\n` }, ['. npm unknown Dockerfile:2']],
  ['only CI sets it', { 'package.json': unscoped, '.github/workflows/ci.yml': `env:\n  NPM_CONFIG_REGISTRY: https://${host}/npm/\n` }, ['. npm unknown .github/workflows/ci.yml:2']],
  ['a name that is public on purpose', { 'package.json': '{ "dependencies": { "@acme-corp/tokens": "1" } }' }, []],
  ['its own name is nothing that it installs', { 'package.json': '{ "name": "@acme-corp/site" }' }, []],
  ['nothing of ours', { 'package.json': '{ "dependencies": { "express": "4" } }', '.npmrc': 'registry=https://registry.example.org/\n' }, []],
  ['a name of the same workspace, a folder or Git', { 'package.json': '{ "dependencies": { "@acme-corp/auth": "workspace:^" }, "devDependencies": { "@acme-corp/lint": "file:../lint", "@acme-corp/ui": "git+ssh://git@git.acme.example/ui.git" } }' }, ['. npm safe package.json:1']],
  ['one of the workspace and one from nowhere', { 'package.json': '{\n"dependencies": { "@acme-corp/auth": "link:../auth" },\n"devDependencies": { "@acme-corp/lint": "^1" } }' }, ['. npm exposed package.json:3']],
  ['a folder for development, the registry for the rest', { 'package.json': '{ "dependencies": { "@acme-corp/auth": "^1" }, "devDependencies": { "@acme-corp/auth": "file:../auth" } }' }, ['. npm exposed package.json:1']],
  ['a catalog of the workspace names versions, no place', { 'package.json': '{ "dependencies": { "@acme-corp/auth": "catalog:" } }' }, ['. npm exposed package.json:1']],
  // Python
  ['pip with an index of ours', { 'requirements.txt': `--index-url ${simple}\n${requirements}` }, ['. Python safe requirements.txt:1']],
  ['pip without any', { 'requirements.txt': requirements }, ['. Python exposed requirements.txt:2']],
  ['pip with ours as an extra index', { 'requirements.txt': `--extra-index-url ${simple}\n${requirements}` }, ['. Python exposed requirements.txt:1']],
  ['pip with ours and a public extra index', { 'requirements.txt': requirements, 'pip.conf': `[global]\nindex-url = ${simple}\nextra-index-url = https://pypi.example.org/simple\n` }, ['. Python exposed pip.conf:3']],
  ['pip.conf with ours alone', { 'requirements/base.txt': requirements, 'pip.conf': `[global]\nindex-url = ${simple}\n` }, ['. Python safe pip.conf:2']],
  ['a container adds an index', { 'requirements.txt': requirements, Dockerfile: `RUN pip install --extra-index-url=${simple} -r requirements.txt\n` }, ['. Python exposed Dockerfile:1']],
  ['only a container sets the index', { 'requirements.txt': requirements, Dockerfile: `ENV PIP_INDEX_URL=${simple}\n` }, ['. Python unknown Dockerfile:1']],
  ['Poetry, primary', { 'pyproject.toml': poetry(poetrySource('acme', simple, '')) }, ['. Python safe pyproject.toml:6']],
  ['Poetry, supplemental', { 'pyproject.toml': poetry(poetrySource('acme', simple, 'priority = "supplemental"')) }, ['. Python exposed pyproject.toml:6']],
  ['Poetry, explicit and bound', { 'pyproject.toml': poetry(poetrySource('acme', simple, 'priority = "explicit"'), 'Acme_Ledger = { version = "^1", source = "acme" }') }, ['. Python safe pyproject.toml:6']],
  ['Poetry, explicit and not bound', { 'pyproject.toml': poetry(poetrySource('acme', simple, 'priority = "explicit"')) }, ['. Python exposed pyproject.toml:2']],
  ['uv, ours first', { 'pyproject.toml': uv(`[[tool.uv.index]]\nurl = "${simple}"\n`) }, ['. Python safe pyproject.toml:5']],
  ['uv, ours first and any index may answer', { 'pyproject.toml': uv(`[tool.uv]\nindex-strategy = "unsafe-best-match"\n[[tool.uv.index]]\nurl = "${simple}"\n`) }, ['. Python exposed pyproject.toml:7']],
  ['uv, explicit and bound', { 'pyproject.toml': uv(`[[tool.uv.index]]\nname = "acme"\nurl = "${simple}"\nexplicit = true\n[tool.uv.sources]\nacme-ledger = { index = "acme" }\n`) }, ['. Python safe pyproject.toml:6']],
  ['uv, explicit and not bound', { 'pyproject.toml': uv(`[[tool.uv.index]]\nname = "acme"\nurl = "${simple}"\nexplicit = true\n`) }, ['. Python exposed pyproject.toml:3']],
  ['PDM beside PyPI', { 'pyproject.toml': uv(`[[tool.pdm.source]]\nname = "acme"\nurl = "${simple}"\n`) }, ['. Python exposed pyproject.toml:6']],
  ['PDM in the place of PyPI', { 'pyproject.toml': uv(`[[tool.pdm.source]]\nname = "pypi"\nurl = "${simple}"\n`) }, ['. Python safe pyproject.toml:6']],
  ['PDM, bound', { 'pyproject.toml': uv(`[[tool.pdm.source]]\nname = "acme"\nurl = "${simple}"\ninclude_packages = ["acme-*"]\n`) }, ['. Python safe pyproject.toml:6']],
  ['Pipenv, bound', { Pipfile: pipfile('acme-ledger = { version = "*", index = "acme" }', 'https://pypi.example.org/simple', simple) }, ['. Python safe Pipfile:6']],
  ['Pipenv, not bound', { Pipfile: pipfile('acme-ledger = "*"', 'https://pypi.example.org/simple', simple) }, ['. Python exposed Pipfile:8']],
  ['pip, an index in a file that another one does not include', { 'requirements.txt': `--index-url ${simple}\n${requirements}`, 'requirements-dev.txt': 'acme-ledger\n' }, ['. Python exposed requirements-dev.txt:1']],
  ['pip, an index in a file that another one includes', { 'requirements.txt': `--index-url ${simple}\nrequests\n`, 'requirements-dev.txt': '-r requirements.txt\nacme-ledger\n', 'constraints.txt': 'acme-ledger==1\n' }, ['. Python safe requirements.txt:1']],
  ['pip, the short option in a container', { 'requirements.txt': requirements, Dockerfile: `RUN pip install \\\n  -i ${simple} -r requirements.txt\n` }, ['. Python unknown Dockerfile:1']],
  ['sed has an option of that name', { 'requirements.txt': requirements, Dockerfile: 'RUN sed -i "1s|#!/bin|#!$HOME|" x && pip install x; sed -i $FILE\n' }, ['. Python exposed requirements.txt:2']],
  ['Poetry, ours beside PyPI, which needs no address', { 'pyproject.toml': poetry(poetrySource('acme', simple, '') + '[[tool.poetry.source]]\nname = "PyPI"\n') }, ['. Python exposed pyproject.toml:9']],
  ['Poetry, ours, and PyPI for what names it', { 'pyproject.toml': poetry(poetrySource('acme', simple, '') + '[[tool.poetry.source]]\nname = "PyPI"\npriority = "explicit"\n') }, ['. Python safe pyproject.toml:6']],
  ['Poetry, supplemental, without a name of ours', { 'pyproject.toml': poetry(poetrySource('acme', simple, 'priority = "supplemental"'), 'requests = "*"') }, ['. Python exposed pyproject.toml:6']],
  // Maven
  ['Maven with a mirror of everything', { 'pom.xml': pom(), '.mvn/settings.xml': mirror('*', `https://${host}/maven`) }, ['. Maven safe .mvn/settings.xml:1']],
  ['Maven with a mirror of something else', { 'pom.xml': pom(), 'settings.xml': mirror('jboss', `https://${host}/maven`) }, ['. Maven exposed pom.xml:1']],
  ['Maven with our repository beside central', { 'pom.xml': pom(repository('acme', `https://${host}/maven`)) }, ['. Maven exposed pom.xml:1']],
  ['Maven with our repository in the place of central', { 'pom.xml': pom(repository('central', `https://${host}/maven`)) }, ['. Maven safe pom.xml:1']],
  ['Maven with an address that a build fills in', { 'pom.xml': pom(repository('central', '@centralUrl@')) }, ['. Maven unknown pom.xml:1']],
  ['Maven, a parent that lies one folder up is asked of nobody', { 'pom.xml': root(), 'app/pom.xml': child() }, []],
  ['Maven, one that lies elsewhere in the checkout', { 'pom.xml': root('y'), 'build/pom.xml': root(), 'build/app/pom.xml': child('<relativePath>../pom.xml</relativePath>'), 'build/app/deep/pom.xml': child('<relativePath>../..</relativePath>') }, []],
  ['Maven, a parent of another version than the one that lies there', { 'pom.xml': root('parent', '2'), 'app/pom.xml': child() }, ['app Maven exposed app/pom.xml:1']],
  ['Maven, a parent whose place is said to be empty is asked for', { 'pom.xml': root(), 'app/pom.xml': child('<relativePath/>') }, ['app Maven exposed app/pom.xml:1']],
  ['Maven, another pom lies where the parent should', { 'pom.xml': root('y'), 'app/pom.xml': child() }, ['app Maven exposed app/pom.xml:1']],
  ['Maven, a parent that lies there, and a dependency that is asked for', { 'pom.xml': root(), 'app/pom.xml': child('', '<dependencies><dependency><groupId>com.acmecorp.auth</groupId><artifactId>client</artifactId><version>1</version></dependency></dependencies>') }, ['app Maven exposed app/pom.xml:1']],
  ['where it deploys to is no place to resolve from', { 'pom.xml': pom(`<distributionManagement><repository><id>a</id><url>https://${host}/maven</url></repository></distributionManagement>`) }, ['. Maven exposed pom.xml:1']],
  // Gradle
  ['Gradle with ours alone', { 'build.gradle.kts': gradle(`maven { url = uri("https://${host}/maven") }`) }, ['. Gradle safe build.gradle.kts:2']],
  ['Gradle with ours and central', { 'build.gradle': gradle(`mavenCentral()\nmaven { url "https://${host}/maven" }`) }, ['. Gradle exposed build.gradle:2']],
  ['Gradle with exclusive content', { 'build.gradle': gradle(`mavenCentral()\nexclusiveContent {\n forRepository { maven { url = uri("https://${host}/maven") } }\n filter { includeGroupByRegex "com\\\\.acmecorp.*" }\n}`) }, ['. Gradle safe build.gradle:4']],
  ['Gradle with exclusive content of other groups', { 'build.gradle': gradle(`mavenCentral()\nexclusiveContent {\n forRepository { maven { url = uri("https://${host}/maven") } }\n filter { includeGroup("com.other") }\n}`) }, ['. Gradle exposed build.gradle:2']],
  ['Gradle that keeps our groups from central', { 'build.gradle': gradle(`mavenCentral { content { excludeGroupAndSubgroups("com.acmecorp") } }\nmaven { url "https://${host}/maven" }`) }, ['. Gradle safe build.gradle:3']],
  ['Gradle with the settings of its root', { 'app/build.gradle.kts': gradle(''), 'settings.gradle.kts': `dependencyResolutionManagement {\n repositories {\n  maven("https://${host}/maven")\n }\n}\n` }, ['. Gradle safe settings.gradle.kts:3', 'app Gradle safe settings.gradle.kts:3'].slice(1)],
  ['Gradle with an address that a property holds', { 'build.gradle': gradle('maven { url artifactoryUrl }') }, ['. Gradle unknown build.gradle:2']],
  ['where Gradle publishes to is no place to resolve from', { 'build.gradle': `publishing { repositories { maven { url "https://${host}/maven" } } }\n${gradle('mavenCentral()')}` }, ['. Gradle exposed build.gradle:3']],
  ['Gradle, its own group and a plugin are nothing that its repositories bring', { 'build.gradle': 'group = "com.acmecorp.shop"\napply plugin: "com.acmecorp.conventions"\nrepositories { mavenCentral() }\n' }, []],
  // NuGet
  ['NuGet with ours alone', { 'src/a.csproj': csproj, 'nuget.config': nugetConfig(`<clear />${oursNuget}`) }, ['src NuGet safe nuget.config:1']],
  ['NuGet without clear', { 'a.csproj': csproj, 'NuGet.Config': nugetConfig(oursNuget) }, ['. NuGet exposed NuGet.Config:1']],
  ['NuGet with both', { 'a.csproj': csproj, 'nuget.config': nugetConfig(`<clear />${oursNuget}${nugetOrg}`) }, ['. NuGet exposed nuget.config:1']],
  ['NuGet with both and a mapping', { 'a.csproj': csproj, 'nuget.config': nugetConfig(`<clear />${oursNuget}${nugetOrg}`, mapping('Acme.*')) }, ['. NuGet safe nuget.config:1']],
  ['NuGet with a mapping of other names', { 'a.csproj': csproj, 'nuget.config': nugetConfig(`<clear />${oursNuget}${nugetOrg}`, mapping('Contoso.*')) }, ['. NuGet exposed a.csproj:1']],
  ['NuGet without anything', { 'a.csproj': csproj }, ['. NuGet exposed a.csproj:1']],
  // Bundler
  ['Bundler, in a block', { Gemfile: `source "https://gems.example.org"\nsource "https://${host}/gems" do\n  gem "acme_auth"\nend\n` }, ['. Bundler safe Gemfile:3']],
  ['Bundler, by an option', { Gemfile: `source "https://gems.example.org"\ngem "acme_auth", source: "https://${host}/gems"\n` }, ['. Bundler safe Gemfile:2']],
  ['Bundler, two sources at the top', { Gemfile: `source "https://gems.example.org"\nsource "https://${host}/gems"\ngem "acme_auth"\n` }, ['. Bundler exposed Gemfile:1']],
  ['Bundler, outside of the block', { Gemfile: `source "https://gems.example.org"\ngem "acme_auth"\nsource "https://${host}/gems" do\n  gem "other"\nend\n` }, ['. Bundler exposed Gemfile:1']],
  ['Bundler, a source with options', { Gemfile: `source "https://gems.example.org", cooldown: 7\nsource "https://${host}/gems", type: :rubygems do\n  gem "acme_auth"\nend\n` }, ['. Bundler safe Gemfile:3']],
  ['Bundler, ours alone', { Gemfile: `source "https://${host}/gems"\ngem "acme_auth"\n` }, ['. Bundler safe Gemfile:1']],
  ['Bundler, a mirror', { Gemfile: 'source "https://gems.example.org"\ngem "acme_auth"\n', '.bundle/config': `---\nBUNDLE_MIRROR__ALL: "https://${host}/gems"\n` }, ['. Bundler safe .bundle/config:2']],
  ['Bundler, a Gemfile above is not read', { 'a/Gemfile': `source "https://${host}/gems"\ngem "acme_auth"\n`, Gemfile: 'source "https://gems.example.org"\n' }, ['a Bundler safe a/Gemfile:1']],
  ['Bundler, a Gemfile above is the one of a gem without', { 'a/a.gemspec': 'Gem::Specification.new do |s|\n  s.add_dependency "acme_auth", "1"\nend\n', Gemfile: 'source "https://gems.example.org"\n' }, ['a Bundler exposed Gemfile:1']],
  // Composer
  ['Composer, ours first', { 'composer.json': composer(`[{"type": "composer", "url": "https://${host}/composer"}]`) }, ['. Composer safe composer.json:1']],
  ['Composer, not canonical', { 'composer.json': composer(`[{"type": "composer", "url": "https://${host}/composer", "canonical": false}]`) }, ['. Composer exposed composer.json:1']],
  ['Composer, not canonical and without Packagist', { 'composer.json': composer(`[{"type": "composer", "url": "https://${host}/composer", "canonical": false}, {"packagist.org": false}]`) }, ['. Composer safe composer.json:1']],
  ['Composer, behind another', { 'composer.json': composer(`[{"type": "composer", "url": "https://repo.example.org"}, {"type": "composer", "url": "https://${host}/composer"}]`) }, ['. Composer exposed composer.json:1']],
  ['Composer without anything', { 'composer.json': '{"require": {"acmecorp/billing": "^1"}}' }, ['. Composer exposed composer.json:1']],
  ['Composer, a Git repository of ours of another name', { 'composer.json': composer(`[{"type": "vcs", "url": "https://${host}/acme/other.git"}]`) }, ['. Composer exposed composer.json:1']],
  ['Composer, a Git repository that may hold it', { 'composer.json': composer(`[{"type": "vcs", "url": "git@${host}:acme/billing.git"}]`) }, ['. Composer unknown composer.json:1']],
  ['Composer, folders alone', { 'composer.json': composer('[{"type": "path", "url": "packages/*"}, {"packagist.org": false}]') }, ['. Composer safe composer.json:1']],
  // Go
  ['Go, private', { 'go.mod': goMod, 'go.env': 'GOPRIVATE=*.acme.example\n' }, ['. Go safe go.env:1'].map((row) => row.replace('Go', 'go'))],
  ['Go, private in CI', { 'go.mod': goMod, '.gitlab-ci.yml': 'variables:\n  GOPRIVATE: "git.acme.example/platform"\n' }, ['. go safe .gitlab-ci.yml:2']],
  ['Go, another host is private', { 'go.mod': goMod, Dockerfile: 'ENV GOPRIVATE=git.other.example\n' }, ['. go exposed go.mod:3']],
  ['Go, a proxy of ours in one container', { 'go.mod': goMod, Dockerfile: `ENV GOPROXY=https://${host}/go\n` }, ['. go unknown Dockerfile:1']],
  ['Go, nothing is said', { 'go.mod': goMod }, ['. go exposed go.mod:3']],
  ['Go, replaced by a folder', { 'go.mod': `${goMod}\nreplace git.acme.example/platform/auth => ../auth\n` }, ['. go safe go.mod:3']],
  ['Go, one version is replaced', { 'go.mod': `${goMod}\nreplace git.acme.example/platform/auth v1.0.0 => ../auth\n` }, ['. go exposed go.mod:3']],
  // Cargo
  ['Cargo, by its registry', { 'Cargo.toml': cargo('acme-proto = { version = "1", registry = "acme" }'), '.cargo/config.toml': registry }, ['. Cargo safe .cargo/config.toml:2']],
  ['Cargo, without its registry', { 'Cargo.toml': cargo('acme-proto = "1"'), '.cargo/config.toml': registry }, ['. Cargo exposed Cargo.toml:5']],
  ['Cargo, a registry that is configured elsewhere', { 'Cargo.toml': cargo('acme-proto = { version = "1", registry = "acme" }') }, ['. Cargo unknown Cargo.toml:5']],
  ['Cargo, crates.io replaced', { 'Cargo.toml': cargo('acme-proto = "1"'), '.cargo/config.toml': `[source.crates-io]\nreplace-with = "acme"\n[source.acme]\nregistry = "sparse+https://${host}/cargo/"\n` }, ['. Cargo safe .cargo/config.toml:4']],
  ['Cargo, from a folder', { 'Cargo.toml': cargo('acme-proto = { path = "../proto" }') }, ['. Cargo safe Cargo.toml:5']],
]

describe('where our names come from', () => {
  test.each(cases)('%s', (_what, files, expected) => {
    expect(judged(files)).toEqual(expected.map((row) => row.replace(' go ', ' Go ')))
  })

  test('every exposed row brings lines to paste that name our host or our name, and no secret', () => {
    for (const [, files] of cases) {
      const { rows } = audit(Object.entries(files).map(([path, text]) => createSourceText(path, text)), ours)
      const isHelpful = (fix: string | null): boolean => fix !== null && /artifactory\.acme\.example|GOPRIVATE=git\.acme\.example/.test(fix)
      expect(rows.filter(({ verdict, fix }) => (verdict === 'safe' ? fix !== null : !isHelpful(fix)))).toEqual([])
    }
    const { rows } = audit([createSourceText('package.json', packageJson), createSourceText('.npmrc', '@acme-corp:registry=https://bob:hunter2@registry.example.org/x?token=hunter2\n')], ours)
    expect(JSON.stringify(rows)).not.toContain('hunter2')
  })

  test('broken and hostile files are judged as far as they go, in linear time', () => {
    const texts = new Map(cases.flatMap(([, files]) => Object.entries(files).map(([path, text]) => [path.slice(path.lastIndexOf('/') + 1), text])))
    for (const [path, text] of texts) {
      const began = performance.now()
      for (const broken of [text.slice(0, text.length / 2), text.repeat(2_000).slice(0, 100_000), `${'{'.repeat(5_000)}${text}`, '\0']) audit([createSourceText(path, broken)], ours)
      expect(performance.now() - began, path).toBeLessThan(2_000)
    }
  }, 60_000)

  test('folders with nothing of ours are counted, and are no projects', () => {
    expect(audit([createSourceText('a/package.json', '{}'), createSourceText('b/package.json', packageJson)], ours)).toMatchObject({ notOurs: 1, rows: [{ project: 'b' }] })
  })
})

test('SARIF tells what is exposed as an error and what is unknown as a warning, with the fix', () => {
  const report = audit(Object.entries({ 'package.json': packageJson, 'b/go.mod': goMod, 'b/Dockerfile': `ENV GOPROXY=https://${host}/go` }).map(([path, text]) => createSourceText(path, text)), ours)
  const sarif = writeAuditSarif({ ...report, gaps: [{ path: 'x', reason: 'cannot be read: EACCES' }] }, '1.0.0')
  expect(sarifFaults(sarif)).toEqual([])
  expect(JSON.parse(sarif)).toMatchObject({
    version: '2.1.0',
    runs: [{
      invocations: [{ executionSuccessful: false }],
      results: [
        { ruleId: 'namesake/exposed-namespace', level: 'error', locations: [{ physicalLocation: { artifactLocation: { uri: 'package.json' }, region: { startLine: 4 } } }] },
        { ruleId: 'namesake/unknown-namespace', level: 'warning' },
      ],
    }],
  })
})
