/** Language by extension or file name: the little of linguist that a query on manifests needs. */
const byExtension: Readonly<Record<string, string>> = {
  c: 'C', cc: 'C++', cpp: 'C++', cs: 'C#', css: 'CSS', csproj: 'XML', dart: 'Dart', dockerfile: 'Dockerfile', ex: 'Elixir',
  go: 'Go', gradle: 'Gradle', groovy: 'Groovy', h: 'C', hcl: 'HCL', html: 'HTML', ini: 'INI', java: 'Java', js: 'JavaScript',
  json: 'JSON', jsx: 'JavaScript', kt: 'Kotlin', kts: 'Kotlin', lua: 'Lua', md: 'Markdown', mjs: 'JavaScript', php: 'PHP',
  pl: 'Perl', properties: 'Java Properties', ps1: 'PowerShell', py: 'Python', r: 'R', rb: 'Ruby', rs: 'Rust', rst: 'reStructuredText',
  scala: 'Scala', sh: 'Shell', sql: 'SQL', swift: 'Swift', tf: 'HCL', toml: 'TOML', ts: 'TypeScript', tsx: 'TSX', txt: 'Text',
  vue: 'Vue', xml: 'XML', yaml: 'YAML', yml: 'YAML',
}
const byName: Readonly<Record<string, string>> = {
  Dockerfile: 'Dockerfile', Gemfile: 'Ruby', Jenkinsfile: 'Groovy', Makefile: 'Makefile', Rakefile: 'Ruby',
  'go.mod': 'Go Module', 'pom.xml': 'Maven POM', '.npmrc': 'NPM Config',
}

/** Null: no language is recognised. `language:` then never finds the file. */
export function languageOf(fileName: string): string | null {
  const dot = fileName.lastIndexOf('.')
  return byName[fileName] ?? (dot <= 0 ? null : byExtension[fileName.slice(dot + 1).toLowerCase()]) ?? null
}
