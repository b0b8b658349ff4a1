import { outlineJson } from '../evidence/structure/json.ts'
import { childOf, childValue, valueOf } from '../evidence/structure/outline.ts'
import type { Judge } from './contract.ts'
import { addressAt, judgement, judgePlaces, shortly, type Address } from './judging.ts'

/**
 * Composer 2: the first repository that has a name is the only one for it, unless it says `canonical: false`; Packagist
 * is the last unless it is turned off (https://getcomposer.org/doc/articles/repository-priorities.md).
 */
export const packagist: Judge = {
  id: 'Composer',
  ecosystem: 'packagist',
  isManifest: ({ base }) => base === 'composer.json',
  isSetting: () => false,
  judge(project, ours) {
    const uses = ours.uses('packagist', project.manifests)
    const repositories = project.manifests.flatMap((file) => {
      const outline = outlineJson(file.text)
      return (childOf(outline.root, 'repositories')?.children ?? []).flatMap((node) => {
        const url = childOf(node, 'url')
        const text = valueOf(outline, url)
        const off = ['packagist.org', 'packagist'].some((name) => childValue(outline, node, name) === 'false' || (node.key === name && valueOf(outline, node) === 'false'))
        if (off) return [{ off, canonical: true, isRegistry: true, address: addressAt(file, Math.max(0, node.start), 'https://packagist.org', ours) }]
        return url === null || text === null ? [] : [{ off: false, canonical: childValue(outline, node, 'canonical') !== 'false', isRegistry: childValue(outline, node, 'type') === 'composer', address: addressAt(file, url.start, text, ours) }]
      })
    })
    const fix = `composer.json\n"repositories": [{ "type": "composer", "url": "https://${ours.host}/composer" }, { "packagist.org": false }]`
    const places: Address[] = repositories.flatMap(({ off, isRegistry, address }) => (off || !isRegistry ? [] : [address]))
    const single = repositories.flatMap(({ isRegistry, address }) => (isRegistry ? [] : [address]))
    const alone = repositories.some(({ off }) => off)
    const first = repositories.find(({ off, isRegistry }) => !off && isRegistry)
    if (first?.address.direction === 'ours' && first.canonical) return judgement('safe', first.address, `${shortly(first.address)} is asked first, and nobody else for a name that is there`)
    const [use] = uses
    const [folder] = single
    if (folder !== undefined && places.length === 0 && alone) return use === undefined ? null : judgement('safe', folder, `${use.name} comes from a folder or a Git repository: Packagist is turned off`)
    const open = uses.filter(({ name }) => !single.some(({ url }) => mayHold(url, name)))
    if (use !== undefined && folder !== undefined && open.length === 0) return judgement('unknown', folder, `whether a folder or a Git repository holds ${use.name} is not in the files: if not, ${alone ? shortly(places[0] ?? folder) : 'Packagist'} is asked`, fix)
    return judgePlaces(open, places, alone ? null : 'Packagist', fix)
  },
}

/** A folder or a Git repository holds one package; what it is called there is a guess by the last segment. */
function mayHold(url: string, name: string): boolean {
  const last = url.replace(/(?:\.git)?\/?$/, '').split(/[/:]/).at(-1) ?? ''
  return last.includes('*') || last.toLowerCase() === name.split('/').at(-1)?.toLowerCase()
}
