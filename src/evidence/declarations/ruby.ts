import type { Declarer } from '../declaration.ts'

/** Characters of a line that are read. */
const maxLine = 1_000

interface Section {
  readonly gems: { readonly name: string; readonly start: number }[]
  readonly remotes: string[]
}

/** Gemfile.lock: the `remote:` of a section, where it has only one (before Bundler 2 a section could have several). */
export const declareGemfileLock: Declarer = (file, tell) => {
  let section: Section | null = null
  const end = (): void => {
    const url = section?.remotes.length === 1 ? (section.remotes[0] ?? null) : null
    for (const { name, start } of section?.gems ?? []) tell({ name, ecosystem: 'rubygems', start, end: start + name.length, url })
    section = null
  }
  for (let index = 0; ; index += 1) {
    const line = file.line(index)
    if (line === null) break
    const text = file.text.slice(line.start, Math.min(line.end, line.start + maxLine))
    if (/^\S/.test(text)) {
      end()
      if (/^(?:GEM|GIT)\s*$/.test(text)) section = { gems: [], remotes: [] }
    } else if (section !== null) readLine(text, line.start, section)
  }
  end()
}

function readLine(text: string, offset: number, section: Section): void {
  const remote = /^ {2}remote:\s{1,10}(?<url>\S{1,500})/.exec(text)?.groups?.['url']
  if (remote !== undefined) section.remotes.push(remote)
  // Deeper stand the dependencies of a gem, which have their own line.
  const name = /^ {4}(?<name>[A-Za-z0-9][\w.-]{0,199})(?: \(|$)/.exec(text)?.groups?.['name']
  if (name !== undefined) section.gems.push({ name, start: offset + 4 })
}
