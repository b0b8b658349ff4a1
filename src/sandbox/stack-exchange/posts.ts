/** A question or an answer with everything that hangs on it. Times in ISO 8601. */
export interface SandboxPost {
  readonly id: number
  readonly site: string
  /** The question that it answers; absent: it is a question. */
  readonly answers?: number
  /** Of a question. */
  readonly title?: string
  readonly author: string
  /** Markdown, oldest first; the last one is what the post says now. More than one: it was edited. */
  readonly revisions: readonly string[]
  readonly comments?: readonly { readonly id: number; readonly author: string; readonly text: string }[]
  readonly createdAt: string
  readonly deleted?: boolean
}

/** What the make-believe public asks and answers. */
export const demoPosts: readonly SandboxPost[] = [
  {
    id: 79_012_345, site: 'stackoverflow', title: 'npm install fails for "@acme-corp/auth-client" & friends', author: 'mira', createdAt: '2026-06-01T10:00:00Z',
    revisions: ['My package.json:\n\n    {\n      "dependencies": {\n        "@acme-corp/auth-client": "^2.1.0"\n      }\n    }\n\nWhat is wrong?'],
    comments: [
      { id: 501, author: 'helper', text: 'Does it work with `acmecorp-ledger`? That was on the same host.' },
      { id: 502, author: 'noise', text: 'Thanks!' },
    ],
  },
  {
    id: 79_012_399, site: 'stackoverflow', answers: 79_000_001, author: 'peter', createdAt: '2026-06-02T10:00:00Z',
    revisions: ['Put this into your `.npmrc`:\n\n    registry=https://artifactory.acme-corp.com/artifactory/api/npm/npm/\n'],
  },
  { id: 79_000_001, site: 'stackoverflow', title: 'How do I set a registry?', author: 'somebody', createdAt: '2026-05-02T10:00:00Z', revisions: ['As the title says.'] },
  {
    id: 79_020_000, site: 'stackoverflow', title: 'Stack trace from a build', author: 'ana', createdAt: '2026-07-01T10:00:00Z',
    revisions: ['at com.acmecorp.billing.Ledger.post(Ledger.java:42)\n\nand the host is artifactory.acme-corp.com, ticket ACME-LDG-2041', 'The host is artifactory.acme-corp.com, the rest was taken out'],
  },
  { id: 79_030_000, site: 'stackoverflow', title: 'Acme corp auth client?', author: 'noise', createdAt: '2026-07-02T10:00:00Z', revisions: ['The acme corp auth client of the textbook, nothing of a company.'] },
  { id: 79_040_000, site: 'stackoverflow', title: 'Deleted', author: 'gone', createdAt: '2026-07-02T10:00:00Z', revisions: ['@acme-corp/auth-client'], deleted: true },
  { id: 4_200, site: 'devops', title: 'HermesBuilder for gliders', author: 'noise', createdAt: '2026-07-03T10:00:00Z', revisions: ['A kit called HermesBuilder, no company near.'] },
]
