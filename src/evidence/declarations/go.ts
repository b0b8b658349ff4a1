import type { Declarer } from '../declaration.ts'

/** A module path whose first element is a host, with what stands before and behind it on its line. */
const required = /^[ \t]{0,20}(?:require[ \t]{1,10})?(?<name>[\w-]{1,100}(?:\.[\w-]{1,100}){1,10}\/[\w./~-]{1,300})[ \t]{1,10}v\d/gm
const replaced = /=>[ \t]{1,10}(?<name>[\w-]{1,100}(?:\.[\w-]{1,100}){1,10}\/[\w./~-]{1,300})[ \t]{1,10}v\d/gm
const own = /^[ \t]{0,20}module[ \t]{1,10}"?(?<name>[\w-]{1,100}(?:\.[\w-]{1,100}){1,10}\/[\w./~-]{1,300})/gm

/** go.mod: what it requires, what it is replaced with, and the module itself. */
export const declareGoMod: Declarer = (file, tell) => tellAll([own, required, replaced], file.text, tell)

/** go.sum: `path version hash`. */
export const declareGoSum: Declarer = (file, tell) => tellAll([required], file.text, tell)

function tellAll(patterns: readonly RegExp[], text: string, tell: Parameters<Declarer>[1]): void {
  for (const pattern of patterns) {
    for (const found of text.matchAll(pattern)) {
      const name = found.groups?.['name'] ?? ''
      const start = found.index + found[0].indexOf(name)
      tell({ name, ecosystem: 'go', start, end: start + name.length, host: name.slice(0, name.indexOf('/')).toLowerCase(), how: 'its path begins with' })
    }
  }
}
