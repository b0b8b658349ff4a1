import type { CommentStyle } from './comments.ts'

const cStyle: CommentStyle = { line: ['//'], block: [['/*', '*/']], quotes: '"\'', longQuotes: [], afterBlank: false }
const hashStyle: CommentStyle = { line: ['#'], block: [], quotes: '"\'', longQuotes: [], afterBlank: true }

/** What an import is in a language, told from the line before and behind the mention. */
export interface ImportRule {
  /** Matches the line from its beginning (at most 300 characters) to the mention. */
  readonly before: RegExp
  /** Matches what follows the mention on its line, at most 100 characters; absent: anything. */
  readonly after?: RegExp
  /** Too plain to count in a text of unknown language. */
  readonly onlyWhenKnown?: true
  /** The line declares the file's own package. */
  readonly own?: true
  /** The line declares a dependency together with where it comes from. */
  readonly dependency?: true
}

export interface Language {
  readonly name: string
  /** Of files, and of fences in Markdown. */
  readonly extensions: readonly string[]
  readonly comments: CommentStyle
  readonly imports: readonly ImportRule[]
  /** Lines are commands of a shell. */
  readonly shell?: true
}

const dotted: readonly ImportRule[] = [
  { before: /^\s*import\s+(?:static\s+)?[\w.{}, ]*$/ },
  { before: /^\s*package\s+[\w.]*$/, own: true },
]

/**
 * The languages whose imports, comments and commands are read. Order matters only for texts of unknown language, which
 * are tried from above.
 */
export const languages: readonly Language[] = [
  {
    name: 'JavaScript',
    extensions: ['js', 'mjs', 'cjs', 'jsx', 'ts', 'mts', 'cts', 'tsx', 'vue', 'svelte', 'astro', 'coffee', 'javascript', 'typescript', 'es6', 'node'],
    comments: { ...cStyle, longQuotes: ['`'] },
    imports: [
      { before: /(?:\bfrom|\bimport|\brequire|\bimport\s{0,4}\(|\brequire\s{0,4}\(|\brequire\.resolve\s{0,4}\(|\bjest\.\w{1,40}\s{0,4}\(|\bvi\.\w{1,40}\s{0,4}\()\s{0,10}\(?["'`](?:[^"'`\s(){};]{0,200})$/ },
      { before: /^\s*\/\/\/\s*<reference\s+(?:types|path)\s*=\s*["'][^"']*$/ },
      { before: /^\s*declare\s+module\s+["'][^"']*$/ },
    ],
  },
  {
    name: 'Python',
    extensions: ['py', 'pyi', 'pyx', 'ipynb', 'bzl', 'star', 'python', 'python3', 'pycon', 'wsgi'],
    comments: { line: ['#'], block: [], quotes: '"\'', longQuotes: ['"""', "'''"], afterBlank: false },
    imports: [
      { before: /^\s*(?:>>>\s*|"\s*)?from\s+[\w.]*$/, after: /^[\w.]*\s+import\b/ },
      { before: /^\s*(?:>>>\s*|"\s*)?from\s+[\w.]+\s+import\s+[\w\s,.(]*$/ },
      { before: /^\s*(?:>>>\s*|"\s*)?import\s+(?:[\w.]+(?:\s+as\s+\w+)?\s*,\s*)*[\w.]*$/, after: /^[\w.]*(?:\s*(?:,|as\b|#|;|\\n)|\s*$)/ },
      { before: /(?:\bimport_module|\b__import__|\bimportorskip)\s{0,4}\(\s{0,4}["'][\w.]{0,200}$/ },
    ],
  },
  { name: 'Java', extensions: ['java'], comments: cStyle, imports: [{ before: /^\s*import\s+(?:static\s+)?[\w.]*$/, after: /^[\w.*]*\s*;/ }, { before: /^\s*package\s+[\w.]*$/, after: /^[\w.]*\s*;/, own: true }] },
  { name: 'Kotlin', extensions: ['kt', 'kts', 'kotlin'], comments: cStyle, imports: [...dotted, { before: /^\s*@file:DependsOn\(\s*"[^"]*$/, dependency: true }] },
  { name: 'Scala', extensions: ['scala', 'sc', 'sbt'], comments: cStyle, imports: dotted },
  { name: 'Groovy', extensions: ['groovy', 'gvy', 'gradle', 'jenkinsfile'], comments: cStyle, imports: [...dotted, { before: /^\s*@Grab\(\s*(?:[\w\s='",]{0,200})?["'][^"']*$/, dependency: true }] },
  {
    name: 'C#',
    extensions: ['cs', 'csx', 'csharp', 'c#', 'cshtml', 'razor'],
    comments: cStyle,
    imports: [
      { before: /^\s*(?:global\s+|@)?using\s+(?:static\s+)?(?:\w+\s*=\s*)?[\w.]*$/, after: /^[\w.<>]*\s*(?:;|$)/ },
      { before: /^\s*namespace\s+[\w.]*$/, own: true },
      { before: /^\s*#r\s+"nuget:\s*[^"]*$/, dependency: true },
    ],
  },
  { name: 'F#', extensions: ['fs', 'fsx', 'fsi', 'fsharp'], comments: { ...cStyle, block: [['(*', '*)']] }, imports: [{ before: /^\s*open\s+[\w.]*$/ }, { before: /^\s*(?:namespace|module)\s+[\w.]*$/, own: true }, { before: /^\s*#r\s+"nuget:\s*[^"]*$/, dependency: true }] },
  { name: 'Visual Basic', extensions: ['vb'], comments: { line: ["'"], block: [], quotes: '"', longQuotes: [], afterBlank: false }, imports: [{ before: /^\s*Imports\s+[\w.]*$/i }, { before: /^\s*Namespace\s+[\w.]*$/i, own: true }] },
  {
    name: 'Go',
    extensions: ['go', 'golang'],
    comments: { ...cStyle, longQuotes: ['`'] },
    imports: [
      { before: /^\s*import\s+(?:[\w.]+\s+)?"[^"]*$/ },
      // Inside `import ( … )`: a path alone on its line.
      { before: /^\s+(?:[\w.]+\s+)?"[^"\s]*$/, after: /^[^"\s]*"\s*(?:\/\/.*)?$/, onlyWhenKnown: true },
    ],
  },
  { name: 'Rust', extensions: ['rs', 'rust'], comments: cStyle, imports: [{ before: /^\s*(?:pub(?:\([\w\s:]*\))?\s+)?(?:use|extern\s+crate)\s+[\w:{}, ]*$/ }] },
  {
    name: 'Ruby',
    extensions: ['rb', 'rake', 'ru', 'ruby', 'erb', 'podspec', 'gemspec', 'gemfile'],
    comments: { line: ['#'], block: [['\n=begin', '\n=end']], quotes: '"\'', longQuotes: [], afterBlank: true },
    imports: [{ before: /^\s*(?:require|require_relative|load|autoload\s+:\w+,)\s*\(?\s*["'][^"']*$/ }],
  },
  {
    name: 'PHP',
    extensions: ['php', 'phtml', 'php5', 'inc'],
    comments: { line: ['//', '#'], block: [['/*', '*/']], quotes: '"\'', longQuotes: [], afterBlank: false },
    imports: [
      { before: /^\s*use\s+(?:function\s+|const\s+)?[\w\\{}, ]*$/, after: /^[\w\\{}, ]*(?:;|$)/ },
      { before: /\b(?:require|include)(?:_once)?\s{0,4}\(?\s{0,4}(?:[\w()\s.]{0,60})?["'][^"']{0,200}$/ },
      { before: /^\s*(?:<\?php\s+)?namespace\s+[\w\\]*$/, own: true },
    ],
  },
  { name: 'Swift', extensions: ['swift'], comments: cStyle, imports: [{ before: /^\s*(?:@\w+\s+)?import\s+(?:(?:class|struct|enum|protocol|func|typealias|var|let)\s+)?[\w.]*$/ }, { before: /\.package\(\s{0,4}(?:name:\s{0,4}"[^"]{0,100}",\s{0,4})?(?:name|url|id):\s{0,4}"[^"]{0,200}$/, dependency: true }] },
  { name: 'C', extensions: ['c', 'h', 'cc', 'cpp', 'cxx', 'hpp', 'hxx', 'hh', 'm', 'mm', 'c++', 'objc', 'ino'], comments: cStyle, imports: [{ before: /^\s*#\s*(?:include|import)\s*[<"][^>"]*$/ }, { before: /^\s*@import\s+[\w.]*$/ }] },
  { name: 'Dart', extensions: ['dart'], comments: cStyle, imports: [{ before: /^\s*(?:import|export|part)\s+["'][^"']*$/ }] },
  { name: 'Elixir', extensions: ['ex', 'exs', 'elixir'], comments: { ...hashStyle, longQuotes: ['"""'] }, imports: [{ before: /^\s*(?:alias|use|import|require)\s+[\w.{}, ]*$/ }] },
  { name: 'Perl', extensions: ['pl', 'pm', 'perl', 't'], comments: hashStyle, imports: [{ before: /^\s*(?:use|require)\s+[\w:]*$/ }, { before: /^\s*package\s+[\w:]*$/, own: true }] },
  { name: 'R', extensions: ['r', 'rmd'], comments: hashStyle, imports: [{ before: /\b(?:library|require|requireNamespace|loadNamespace)\(\s{0,4}["']?[\w.]{0,200}$/ }] },
  { name: 'Lua', extensions: ['lua'], comments: { line: ['--'], block: [['--[[', ']]']], quotes: '"\'', longQuotes: [], afterBlank: false }, imports: [{ before: /\brequire\s{0,4}\(?\s{0,4}["'][^"']{0,200}$/ }] },
  { name: 'Style sheet', extensions: ['css', 'scss', 'sass', 'less', 'styl'], comments: cStyle, imports: [{ before: /^\s*@(?:import|use|forward)\s+(?:\(\w+\)\s*)?(?:url\()?["']?[^"']*$/ }] },
  { name: 'Protocol buffers', extensions: ['proto'], comments: cStyle, imports: [{ before: /^\s*import\s+(?:public\s+|weak\s+)?"[^"]*$/ }, { before: /^\s*package\s+[\w.]*$/, own: true }] },
  { name: 'Shell', extensions: ['sh', 'bash', 'zsh', 'ksh', 'fish', 'shell', 'console', 'shell-session', 'terminal', 'bashrc', 'zshrc', 'profile', 'ps1', 'psm1', 'powershell', 'bat', 'cmd', 'mk', 'mak', 'make', 'makefile', 'just', 'justfile', 'shellscript'], comments: hashStyle, imports: [], shell: true },
  { name: 'SQL', extensions: ['sql', 'psql'], comments: { line: ['--'], block: [['/*', '*/']], quotes: '"\'', longQuotes: [], afterBlank: false }, imports: [] },
  { name: 'Haskell', extensions: ['hs', 'elm'], comments: { line: ['--'], block: [['{-', '-}']], quotes: '"', longQuotes: [], afterBlank: false }, imports: [{ before: /^\s*import\s+(?:qualified\s+)?[\w.]*$/ }] },
  { name: 'Hash', extensions: ['env', 'properties', 'conf', 'cfg', 'ini', 'toml', 'yaml', 'yml', 'tf', 'hcl', 'tfvars', 'nix', 'cmake', 'dockerfile', 'gitignore', 'editorconfig', 'service', 'envrc'], comments: hashStyle, imports: [] },
  { name: 'Markup', extensions: ['xml', 'svg', 'xsd', 'xsl', 'plist'], comments: { line: [], block: [['<!--', '-->']], quotes: '', longQuotes: [], afterBlank: false }, imports: [] },
  { name: 'Data', extensions: ['json', 'json5', 'jsonc', 'csv', 'tsv', 'lock', 'map', 'graphql', 'gql'], comments: { line: [], block: [], quotes: '', longQuotes: [], afterBlank: false }, imports: [] },
]

const byExtension: ReadonlyMap<string, Language> = new Map(languages.flatMap((language) => language.extensions.map((extension) => [extension, language] as const)))

/** Files that are programs though their name has no telling extension. */
const byName: ReadonlyMap<string, string> = new Map([
  ['makefile', 'mk'], ['gnumakefile', 'mk'], ['justfile', 'just'], ['rakefile', 'rb'], ['vagrantfile', 'rb'], ['fastfile', 'rb'], ['podfile', 'rb'], ['guardfile', 'rb'], ['gemfile', 'rb'], ['jenkinsfile', 'groovy'],
  ['.bashrc', 'sh'], ['.zshrc', 'sh'], ['.profile', 'sh'], ['.bash_profile', 'sh'], ['build', 'py'], ['workspace', 'py'], ['.env', 'env'], ['procfile', 'sh'],
])

/** The language of a file or of a fence; null where neither name nor extension tells it. */
export function languageOf(base: string, extension: string): Language | null {
  return byExtension.get(byName.get(base) ?? (base.startsWith('.env') ? 'env' : extension)) ?? null
}

/** The first language whose import the line is; for texts that do not say what they are. */
const guessable: ReadonlySet<string> = new Set(['JavaScript', 'Python', 'Java', 'C#', 'Go', 'Rust', 'Ruby', 'PHP', 'C'])
export const guesses: readonly Language[] = languages.filter(({ name }) => guessable.has(name))
