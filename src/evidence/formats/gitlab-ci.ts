import type { Format } from '../format.ts'
import { readCi } from '../read-ci.ts'
import { outlineYaml } from '../structure/yaml.ts'

/** GitLab CI/CD. https://docs.gitlab.com/ci/yaml/ */
export const gitlabCi: Format = {
  id: 'gitlab-ci',
  claimsPath: (file) => /^\.?[\w.-]*gitlab-ci[\w.-]*\.ya?ml$/.test(file.base) || /(?:^|\/)\.gitlab(?:\/ci|-ci)?\/.*\.ya?ml$/.test(file.path),
  claimsContent: (head) => /^stages:\s*(?:\[|$)/m.test(head) && /^\s+(?:- )?script:/m.test(head),
  read(file) {
    const outline = outlineYaml(file.text)
    return (place) => readCi(file, outline, place)
  },
}
