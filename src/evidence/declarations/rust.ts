import type { Declarer } from '../declaration.ts'
import { childOf, childValue, valueOf } from '../structure/outline.ts'
import { outlineToml } from '../structure/toml.ts'

/** Cargo.lock: `source = "registry+https://…"`, `sparse+…`, `git+…`. */
export const declareCargoLock: Declarer = (file, tell) => {
  const outline = outlineToml(file.text)
  for (const entry of childOf(outline.root, 'package')?.children ?? []) {
    const node = childOf(entry, 'name')
    const name = valueOf(outline, node)
    if (node !== null && name !== null) tell({ name, ecosystem: 'crates', start: node.start, end: node.end, url: childValue(outline, entry, 'source') })
  }
}
