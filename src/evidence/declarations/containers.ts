import { walk, type Declarer } from '../declaration.ts'
import { outlineYaml } from '../structure/yaml.ts'
import { valueOf } from '../structure/outline.ts'

type Tell = Parameters<Declarer>[1]

/** Dockerfile: `FROM` and `COPY --from=`. */
export const declareImagesOfDockerfile: Declarer = (file, tell) => {
  for (const found of file.text.matchAll(/^[ \t]{0,20}(?:ONBUILD[ \t]{1,10})?(?:FROM[ \t]{1,10}(?:--\S{1,100}[ \t]{1,10}){0,5}|(?:COPY|ADD)[ \t][^\n]{0,300}?--from=)(?<image>[^\s]{1,400})/gim)) {
    const image = found.groups?.['image'] ?? ''
    tellImage(image, found.index + found[0].length - image.length, tell)
  }
}

/** Compose, Kubernetes and Helm: the values of `image`. */
export const declareImages: Declarer = (file, tell) => {
  const outline = outlineYaml(file.text)
  for (const node of walk(outline.root)) {
    const image = node.key === 'image' ? valueOf(outline, node) : null
    if (image !== null) tellImage(image, node.start, tell)
  }
}

/** The name is host and path without tag and digest. Only a first part with a dot or a port is a host. */
function tellImage(image: string, start: number, tell: Tell): void {
  const slash = image.indexOf('/')
  const place = slash < 0 ? '' : image.slice(0, slash)
  if (!/[.:]/.test(place)) return
  const path = /^[^:@]{1,300}/.exec(image.slice(slash))?.[0] ?? ''
  const name = place + path
  tell({ name, ecosystem: 'docker', start, end: start + name.length, url: `//${name}`, how: 'an image of' })
}
