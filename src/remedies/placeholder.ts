import type { Ecosystem } from '../contracts/inventory.ts'
import type { Fix } from './contract.ts'
import { npmScopeOf, packageOf } from './names.ts'
import { code } from './quote.ts'

/** What a registry says about publishing a name only to hold it. */
const policies: Readonly<Partial<Record<Ecosystem, string>>> = {
  npm: 'npm\'s policy is against publishing only to reserve a name, and such packages were removed as malware before: say in the README what it is, and that it protects users.',
  pypi: 'PEP 541 calls an empty project invalid: it may be removed. A README that says why it exists, and a contact, make the difference.',
  crates: 'crates.io discourages squatting and does not transfer names: decide before somebody else does.',
  rubygems: 'A gem whose versions are all yanked can be taken again: keep one version.',
}

/** Names without a namespace can only be held by publishing them. */
export const placeholder: Fix = (leak, { name: company }) => {
  if (leak.ecosystem === null || npmScopeOf(leak) !== null) return []
  const policy = policies[leak.ecosystem]
  const name = packageOf(leak, leak.ecosystem)
  if (policy === undefined || name === null) return []
  return [{
    title: 'Publish a placeholder, if the name must stay as it is',
    note: 'Only when the name cannot be moved into a namespace and its builds cannot be bound to your registry. It tells everybody that the name is yours.',
    file: null,
    language: 'markdown',
    text: [
      `# Placeholder for ${code(name)} (${leak.ecosystem})`,
      '',
      '- [ ] Ask the registry state again right before: the name may be taken by now, or blocked.',
      `- [ ] ${policy}`,
      `- [ ] Publish with an account of ${code(company)}, two-factor authentication on, two owners.`,
      `- [ ] Version 0.0.1, far below yours: a placeholder must never win against the real ${code(name)}.`,
      '- [ ] No code, no dependencies, no install scripts, nothing internal in description, README, e-mail address or metadata.',
      '- [ ] README: "This name is held by its owner to protect users from dependency confusion. It contains no code. Contact: <security address>".',
      '- [ ] Make sure that your own registry still blocks the name at its upstream: a build that gets the placeholder breaks.',
      '- [ ] Add the publisher under registries in namesake.yaml (ours), so that the claim is known as yours.',
      '',
    ].join('\n'),
  }]
}
