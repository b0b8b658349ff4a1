import type { Format } from '../format.ts'
import { readCi } from '../read-ci.ts'
import { readOutline } from '../read-outline.ts'
import { outlineYaml } from '../structure/yaml.ts'

/** Build services that are described in YAML: where their files stand, and what they look like elsewhere. */
const services: readonly { readonly id: string; readonly path: RegExp; readonly content: readonly RegExp[] }[] = [
  { id: 'github-actions', path: /(?:^|\/)\.github\/(?:workflows|actions)\/.*\.ya?ml$|(?:^|\/)(?:action\.ya?ml|\.github\/dependabot\.ya?ml)$/, content: [/^\s*runs-on:/m, /^\s*(?:- )?(?:uses|run):/m] },
  { id: 'gitlab-ci', path: /(?:^|\/)\.?[\w.-]*gitlab-ci[\w.-]*\.ya?ml$|(?:^|\/)\.gitlab(?:-ci)?\/.*\.ya?ml$/, content: [/^\s+script:/m, /^(?:stages|image|before_script|include|default|variables):/m] },
  { id: 'azure-pipelines', path: /(?:^|\/)\.?azure-pipelines?[\w.-]*\.ya?ml$|(?:^|\/)\.?azure-pipelines\/.*\.ya?ml$/, content: [/^\s*- (?:task|script|bash|powershell):/m, /^(?:\s*vmImage:|pool:|trigger:|steps:|jobs:|stages:)/m] },
  { id: 'circleci', path: /(?:^|\/)\.circleci\/.*\.ya?ml$/, content: [/^\s*- run:/m, /^(?:orbs|workflows|executors):/m] },
  { id: 'bitbucket-pipelines', path: /(?:^|\/)bitbucket-pipelines\.ya?ml$/, content: [/^pipelines:/m, /^\s+- step:/m] },
  { id: 'travis', path: /(?:^|\/)\.travis\.ya?ml$/, content: [/^language:/m, /^(?:script|install|before_install):/m] },
  { id: 'drone', path: /(?:^|\/)\.(?:drone|woodpecker)(?:\/[^/]*)?\.ya?ml$/, content: [/^kind: pipeline/m, /^steps:/m] },
  { id: 'buildkite', path: /(?:^|\/)\.buildkite\/.*\.ya?ml$/, content: [/^steps:/m, /^\s+(?:- )?plugins:/m] },
  { id: 'cloud-build', path: /(?:^|\/)(?:cloudbuild|buildspec|appveyor|codemagic|\.appveyor)[\w.-]*\.ya?ml$/, content: [/^phases:/m, /^\s+commands:/m] },
]

export const yamlCi: readonly Format[] = services.map(({ id, path, content }) => ({
  id,
  claimsPath: (file) => path.test(file.path),
  claimsContent: (head) => content.every((pattern) => pattern.test(head)),
  read: readOutline(outlineYaml, readCi),
}))
