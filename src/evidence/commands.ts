import { verdict, type Place, type Verdict } from './format.ts'
import type { SourceText } from './source-text.ts'
import { asDetail, hostOf, isInsideUrl } from './urls.ts'

/** How far back a command may have begun, and how far its word may reach. In characters. */
const reach = 1_200
const wordReach = 300

/**
 * Commands that get a package by its name from a registry. Each expression matches from the first word of a command
 * up to where its arguments begin.
 */
const installers: readonly { readonly command: string; readonly pattern: RegExp }[] = [
  { command: 'npm install', pattern: /^npm\s+(?:-\S+\s+)*(?:install|i|in|add|ci|update|up|exec|x|create|init)\b/ },
  { command: 'pnpm add', pattern: /^pnpm\s+(?:-\S+\s+)*(?:add|install|i|update|up|dlx|create)\b/ },
  { command: 'yarn add', pattern: /^yarn\s+(?:global\s+|workspace\s+\S+\s+)?(?:add|upgrade|up|dlx|create)\b/ },
  { command: 'bun add', pattern: /^bun\s+(?:add|install|i|x|create)\b/ },
  { command: 'npx', pattern: /^(?:npx|bunx|pnpx)\b/ },
  { command: 'pip install', pattern: /^(?:python[\d.]*\s+-m\s+|py\s+(?:-[\d.]+\s+)?-m\s+)?pip[\d.]*\s+(?:-\S+\s+)*(?:install|download|wheel)\b/ },
  { command: 'uv add', pattern: /^(?:uv\s+(?:pip\s+install|add|tool\s+(?:install|run))|uvx)\b/ },
  { command: 'pipx install', pattern: /^pipx\s+(?:install|run|inject)\b/ },
  { command: 'poetry add', pattern: /^(?:poetry|pdm|rye|pipenv|hatch)\s+(?:add|install)\b/ },
  { command: 'conda install', pattern: /^(?:conda|mamba|micromamba)\s+(?:install|create)\b/ },
  { command: 'gem install', pattern: /^(?:gem\s+(?:install|fetch|update)|bundle\s+add)\b/ },
  { command: 'cargo add', pattern: /^cargo\s+(?:\+\S+\s+)?(?:add|install)\b/ },
  { command: 'dotnet add package', pattern: /^(?:dotnet\s+add\s+(?:\S+\s+)?package|dotnet\s+package\s+add|dotnet\s+tool\s+install|nuget(?:\.exe)?\s+install|Install-Package)\b/i },
  { command: 'composer require', pattern: /^composer\s+(?:global\s+)?(?:require|create-project|update)\b/ },
  { command: 'go get', pattern: /^go\s+(?:get|install|mod\s+download|run)\b/ },
  { command: 'mvn dependency:get', pattern: /^(?:\.\/)?mvnw?\s+(?:-\S+\s+)*\S*dependency\S*:(?:get|copy)\b/ },
  { command: 'docker pull', pattern: /^(?:docker|podman|nerdctl)\s+(?:image\s+)?(?:pull|run|create)\b/ },
  { command: 'helm install', pattern: /^helm\s+(?:install|upgrade|pull|template)\b/ },
]

/** Commands and assignments that name a registry. */
const registrySettings = [
  /^(?:npm|pnpm|yarn|bun)\s+(?:-g\s+|--global\s+)?(?:config\s+)?set\s+(?:--\S+\s+)*\S*(?:registry|Registry|_auth)\S*/,
  /^(?:npm|pnpm|yarn)\s+(?:npm\s+)?(?:login|adduser|logout|whoami)\b/,
  /^(?:python[\d.]*\s+-m\s+)?pip[\d.]*\s+config\s+(?:--\S+\s+)*set\b/,
  /^poetry\s+(?:source\s+add|config\s+repositories)\b/,
  /^(?:docker|podman|nerdctl|helm\s+registry|crane|skopeo)\s+login\b/,
  /^helm\s+repo\s+add\b/,
  /^(?:dotnet\s+nuget|nuget(?:\.exe)?\s+sources?)\s+(?:add|update)\b/i,
  /^(?:gem\s+sources?|bundle\s+config)\b/,
  /^composer\s+config\s+(?:--\S+\s+|-\S+\s+)*repositor/,
  /^go\s+env\s+-w\s+GO(?:PRIVATE|PROXY|NOSUMDB|NOPROXY|NOSUMCHECK)/,
  /^cargo\s+login\b/,
  /^aws\s+codeartifact\s+login\b/,
]

/** First words of all these commands: most texts are none, and cost no more than this. */
const commandWord = /^(?:\.\/)?(?:npm|pnpm|yarn|bun|npx|bunx|pnpx|python|py|pip|uv|uvx|pipx|poetry|pdm|rye|pipenv|hatch|conda|mamba|micromamba|gem|bundle|cargo|dotnet|nuget|install-package|composer|go|mvnw?|docker|podman|nerdctl|helm|crane|skopeo|aws)\b|^(?:python|pip)[\d.]/i

/** Options and variables whose value is a registry, as the end of the text before that value. */
const registryOption = /(?:^|[\s"'`({,;])(?:--(?:registry|index-url|extra-index-url|index|default-index|find-links|trusted-host|source|add-source|clear-sources|repo|repository|repository-url|proxy)|-i|-f|--\S{0,60}:registry)(?:\s+|=)["']?[^\s"']*$/
const registryVariable = /(?:npm_config_(?:\w{0,60}_)?registry|npm_registry(?:_url|_server)?|yarn_(?:npm_registry_server|registry)|pip_(?:extra_)?index_url|pip_find_links|pip_trusted_host|uv_(?:extra_|default_)?index(?:_url|_\w{1,60})?|poetry_repositories_\w{1,60}_url|bundle_(?:mirror__\w{1,60}|gem__source)|goproxy|goprivate|gonosumdb|gonoproxy|gonosumcheck|cargo_registries_\w{1,60}_index|nuget_(?:source|feed|registry)\w{0,60}|docker_(?:registry|mirror)\w{0,60}|registry_url|maven_(?:repo|mirror)\w{0,60}|twine_repository_url)\s*[:=]\s*["']?[^\s"']*$/i
const npmrcLine = /(?:^|[\s"'`])(?:@[\w.~-]{1,200}:)?registry\s?=\s?["']?[^\s"']*$/

/**
 * What the shell command around a place does with it: gets it from a registry (`dependency`, `resolved-url` for a
 * URL), or names a registry (`registry-config`). Null where no such command is there. Looks at one command: what
 * stands before `;`, `&&`, `|` is another one; lines that end in a backslash go on. Nothing before the offset `floor`
 * (the beginning of a value, say) belongs to it.
 */
export function readCommand(file: SourceText, place: Place, floor = 0): Verdict | null {
  const before = commandBefore(file, place.start, floor)
  const word = wordAround(file, place)
  const setting = before.slice(-wordReach)
  if (registryOption.test(setting) || registryVariable.test(setting) || npmrcLine.test(setting)) {
    return verdict('registry-config', { key: settingName(setting), registry: hostOf(asDetail(word.text)) })
  }
  const command = before.slice(commandStart(before))
  if (!commandWord.test(command)) return null
  const whole = `${command}${word.text.slice(word.head.length)}`
  if (registrySettings.some((pattern) => pattern.test(whole))) {
    // Only plain words: what follows may be a password.
    return verdict('registry-config', { command: /^[\w.-]{1,30}(?:[ \t]+[a-z]{2,20}(?=\s)){0,2}/.exec(command)?.[0] ?? null, registry: hostOf(asDetail(word.text)) })
  }
  for (const { command: name, pattern } of installers) {
    if (pattern.test(command)) return readArgument(name, command, word, place)
  }
  return null
}

interface Word {
  readonly text: string
  /** The part before the place. */
  readonly head: string
}

function readArgument(name: string, command: string, word: Word, place: Place): Verdict | null {
  const details = { section: 'command', command: name }
  if (place.kind === 'host' || isInsideUrl(word.text, word.head.length)) {
    return verdict('resolved-url', { ...details, registry: hostOf(asDetail(word.text)) })
  }
  // A folder or a list of requirements of this machine.
  if (/^\.{0,2}\//.test(word.text) || /\s(?:-r|-c|--requirement|--constraint)\s+$/.test(command.slice(0, command.length - word.head.length).slice(-wordReach))) return null
  if (name === 'docker pull' && place.ecosystem !== 'docker' && place.ecosystem !== null) return null
  return verdict('dependency', { ...details, version: versionIn(word.text) })
}

/** The version in `name@1.2.0`, `name==1.2.0`, `name:1.2.0`; null where the word has none. */
function versionIn(word: string): string | null {
  return asDetail(/[^@=:](?:@|[=~<>!]=|:)(?<version>[\w.^~*+-]{1,60})$/.exec(word)?.groups?.['version'] ?? null)
}

function settingName(before: string): string | null {
  return asDetail(/(?<name>[@\w.:-]{2,100})["']?(?:\s+|\s?[=:]\s?)["']?[^\s"'=]*$/.exec(before.slice(-400))?.groups?.['name'] ?? null)
}

/** Text of the command's line before the place, continued lines included, at most 1,200 characters. */
function commandBefore(file: SourceText, offset: number, floor: number): string {
  let line = file.lineAt(offset)
  let from = Math.max(line.start, offset - reach, floor)
  const parts = [file.text.slice(from, offset)]
  while (from === line.start && from > floor && offset - from < reach) {
    const above = file.line(line.index - 1)
    if (above === null) break
    const last = lastVisible(file.text, above.start, above.end)
    const mark = file.text.charAt(last)
    if (last < above.start || (mark !== '\\' && mark !== '`')) break
    line = above
    from = Math.max(line.start, offset - reach, floor)
    parts.push(file.text.slice(from, last))
  }
  return parts.reverse().join(' ').slice(-reach)
}

function lastVisible(text: string, start: number, end: number): number {
  let at = end - 1
  while (at >= start && (text.charCodeAt(at) === 32 || text.charCodeAt(at) === 9) && end - at < wordReach) at -= 1
  return at
}

/** What may stand before the first word of a command: prompts, list marks, keys of YAML, quotes, `sudo`, variables. */
const leadIn = /^(?:-[cex]{1,3}(?=\s)|[\s"'`([{&@!+-]{1,40}|\$\s|>\s|#\s|\d+\)|(?:RUN|CMD|ENTRYPOINT|sudo|exec|time|env|then|do|else|if|not|command|run|sh|bat|pwsh|script|bash|powershell|corepack)(?=[\s:"'([]):?|--mount=\S+|[A-Za-z_]\w{0,60}=(?:"[^"]{0,200}"|'[^']{0,200}'|[^\s"']{0,200})(?=\s)|[\w.-]{1,60}:\s)/
/** What stands between two commands. */
const commandEnds = [';', '|', '&&', '$(', '`', '\n']

/** More than so many of them in a row are not a command. */
const maxLeadIns = 20

/** Where the command that is still open at the end of the text begins. */
function commandStart(before: string): number {
  let start = 0
  for (const end of commandEnds) {
    const found = before.lastIndexOf(end)
    if (found >= 0) start = Math.max(start, found + end.length)
  }
  for (let lead = 0; lead < maxLeadIns; lead += 1) {
    const found = leadIn.exec(before.slice(start, start + wordReach))
    if (found === null) break
    start += found[0].length
  }
  return start
}

function wordAround(file: SourceText, place: Place): Word {
  const { text } = file
  let start = place.start
  while (start > 0 && place.start - start < wordReach && !isWordEnd(text.charCodeAt(start - 1))) start -= 1
  let end = place.end
  while (end < text.length && end - place.end < wordReach && !isWordEnd(text.charCodeAt(end))) end += 1
  return { text: text.slice(start, end), head: text.slice(start, place.start) }
}

/** Blanks, quotes and brackets end a word. */
function isWordEnd(code: number): boolean {
  return code <= 32 || code === 34 || code === 39 || code === 96 || code === 40 || code === 41 || code === 44 || code === 59 || code === 60 || code === 62 || code === 91 || code === 93 || code === 124
}
