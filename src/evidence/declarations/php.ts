import type { Declarer } from '../declaration.ts'
import { outlineJson } from '../structure/json.ts'
import { childOf, childValue, valueOf } from '../structure/outline.ts'

/** composer.lock: where the source is, else the archive: a mirror serves archives of what is developed in public. */
export const declareComposerLock: Declarer = (file, tell) => {
  const outline = outlineJson(file.text)
  for (const section of ['packages', 'packages-dev']) {
    for (const entry of childOf(outline.root, section)?.children ?? []) {
      const node = childOf(entry, 'name')
      const name = valueOf(outline, node)
      const url = childValue(outline, childOf(entry, 'source'), 'url') ?? childValue(outline, childOf(entry, 'dist'), 'url')
      if (node !== null && name !== null) tell({ name, ecosystem: 'packagist', start: node.start, end: node.end, url })
    }
  }
}
