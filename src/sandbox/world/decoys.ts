import { people } from './people.ts'
import type { Expectation, WorldRepository } from './repository.ts'

/** Repositories that look like leaks and are none, our own, and one that a person should dismiss. */
export const decoys: readonly WorldRepository[] = [
  {
    fullName: 'acme-corp/design-tokens',
    description: 'Colours and spacing of Acme Corp. Public on purpose.',
    stars: 210,
    commits: [{ author: people.team, date: '2022-09-01T09:00:00Z', message: 'release\n', files: { 'package.json': '{\n  "name": "@acme-corp/design-tokens",\n  "version": "5.2.0"\n}\n', 'README.md': '# Design tokens\n\n`npm install @acme-corp/design-tokens`\n' } }],
  },
  {
    fullName: 'acme-corp/engineering-handbook',
    description: 'How we work',
    stars: 95,
    commits: [{ author: people.team, date: '2023-05-10T09:00:00Z', message: 'handbook\n', files: { 'docs/registry.md': '# Registry\n\nPackages come from artifactory.acme-corp.com; install @acme-corp/auth-client from there.\n' } }],
  },
  {
    fullName: 'indie-tools/auth-bench',
    description: 'benchmarks of login libraries',
    stars: 8,
    commits: [{ author: people.researcher, date: '2024-01-02T10:00:00Z', message: 'bench\n', files: { 'package.json': '{\n  "name": "auth-bench",\n  "dependencies": {\n    "acme-corp-authx": "1.0.0",\n    "xacme-corp-auth": "1.0.0"\n  }\n}\n' } }],
  },
  {
    fullName: 'parcelworks/hermesbuilder',
    description: 'Builds shipping labels for the Hermes parcel network',
    stars: 31,
    commits: [{ author: people.hana, date: '2021-07-19T03:00:00Z', message: 'labels\n', files: { 'README.md': '# hermesbuilder\n\nHermesBuilder draws parcel labels. Install with `gem install hermesbuilder`.\n' } }],
  },
  {
    fullName: 'research-lab/phishing-hosts',
    description: 'look-alike hosts seen in the wild',
    stars: 77,
    commits: [{ author: people.researcher, date: '2024-05-05T05:00:00Z', message: 'weekly\n', files: { 'hosts.txt': '# do not visit\nxartifactory.acme-corp.com.evil.net\nartifactory.acme-corp.com.evil.net\nartifactory-acme-corp.com\n' } }],
  },
  {
    fullName: 'acme-corporation/storefront',
    description: 'The web shop of Acme Corporation (anvils)',
    stars: 4,
    commits: [{ author: people.shop, date: '2023-03-03T13:00:00Z', message: 'shop\n', files: { 'package.json': '{\n  "name": "storefront",\n  "dependencies": {\n    "@acme-corporation/cart": "^1.0.0",\n    "@acme-corporation/auth-client": "^1.0.0"\n  }\n}\n' } }],
  },
  {
    fullName: 'learn-npm/private-registries',
    description: 'A tutorial on scopes and private registries',
    stars: 340,
    commits: [{ author: people.teacher, date: '2020-10-10T10:00:00Z', message: 'lesson 3\n', files: { 'lesson-3.md': '# Lesson 3: scopes\n\nImagine a company called Acme. Its packages would live under a scope:\n\n```\nnpm install @acme-corp/hello-world\n```\n\nThe name is invented; try your own.\n' } }],
  },
]

const notOurs = { findable: false } as const

export const decoyExpectations: readonly Expectation[] = [
  { identifier: '@acme-corp/hello-world', repository: 'learn-npm/private-registries', path: 'lesson-3.md', findable: true, why: 'a tutorial with an invented name: found, and a person should dismiss it' },
  { ...notOurs, identifier: '@acme-corp/design-tokens', repository: 'acme-corp/design-tokens', path: 'package.json', why: 'our own repository, and public on purpose' },
  { ...notOurs, identifier: '@acme-corp/auth-client', repository: 'acme-corp/engineering-handbook', path: 'docs/registry.md', why: 'our own repository: ignored' },
  { ...notOurs, identifier: 'artifactory.acme-corp.com', repository: 'acme-corp/engineering-handbook', path: 'docs/registry.md', why: 'our own repository: ignored' },
  { ...notOurs, identifier: 'acme-corp-auth', repository: 'indie-tools/auth-bench', path: 'package.json', why: 'only inside longer names' },
  { ...notOurs, identifier: 'HermesBuilder', repository: 'parcelworks/hermesbuilder', path: 'README.md', why: 'another company\'s product: no anchor of ours in reach' },
  { ...notOurs, identifier: 'artifactory.acme-corp.com', repository: 'research-lab/phishing-hosts', path: 'hosts.txt', why: 'other hosts that only contain ours' },
  { ...notOurs, identifier: '@acme-corp', repository: 'acme-corporation/storefront', path: 'package.json', why: 'the scope of another company' },
]
