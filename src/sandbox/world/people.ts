import type { Person } from '../git/import-commits.ts'
import type { AccountSource } from '../repositories.ts'

/** Everybody who commits something. Some addresses lead to an account, some do not. */
export const people = {
  jana: { name: 'Jana Doe', email: 'jana.doe@users.noreply.github.com' },
  mira: { name: 'Mira Okafor', email: 'mira@okafor.example' },
  peter: { name: 'Peter van den Berg', email: 'peter.vandenberg@acme-corp.com' },
  kofi: { name: 'kofi', email: 'kofi@homelab.example' },
  lucia: { name: 'Lucía Fernández', email: 'lucia.f@mail.example' },
  sam: { name: 'Sam Whitfield', email: 'sam@whitfield.example' },
  team: { name: 'Acme Platform Team', email: 'platform@acme-corp.com' },
  bot: { name: 'mirror-bot', email: 'bot@mirror.example' },
  student: { name: 'student42', email: 'student42@school.example' },
  hana: { name: 'Hana Sato', email: 'hana@parcelworks.example' },
  researcher: { name: 'T. Researcher', email: 'tr@research.example' },
  teacher: { name: 'Learn Npm', email: 'hello@learn-npm.example' },
  shop: { name: 'Acme Corporation (the shop)', email: 'dev@acmecorporation.example' },
} as const satisfies Record<string, Person>

export const accounts: readonly AccountSource[] = [
  { login: 'acme-corp', type: 'Organization', name: 'Acme Corp' },
  { login: 'acme-corporation', type: 'Organization', name: 'Acme Corporation' },
  { login: 'jana-doe', name: 'Jana Doe', company: '@acme-corp', emails: ['jana.doe@users.noreply.github.com'], organizations: [{ login: 'acme-corp', public: true }] },
  { login: 'mira-data', name: 'Mira Okafor', emails: ['mira@okafor.example'] },
  { login: 'petervdb', name: 'Peter', emails: ['peter.vandenberg@acme-corp.com'], organizations: [{ login: 'acme-corp', public: false }] },
  { login: 'kofi-ops', emails: ['kofi@homelab.example'] },
  { login: 'lucia-writes', name: 'Lucía', emails: ['lucia.f@mail.example'] },
  { login: 'samwhitfield', name: 'Sam Whitfield', company: 'previously Acme', emails: ['sam@whitfield.example'] },
  { login: 'student42', emails: ['student42@school.example'] },
]
