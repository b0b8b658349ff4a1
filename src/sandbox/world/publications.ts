import type { ConversationSource, GistSource } from '../publications.ts'

/** What people said about us in public: questions, answers, notes; and what only looks like it. */
export const conversations: readonly ConversationSource[] = [
  {
    kind: 'issue', repository: 'learn-npm/private-registries', number: 12, title: 'npm ERR! 404 with a scoped package', author: 'mira-data', createdAt: '2024-03-05T09:12:00Z',
    body: 'Works on my laptop, fails in CI:\n\n```\nnpm ERR! 404 Not Found - GET https://npm.example/@acme-corp%2fchart-theme\nnpm ERR! 404  \'@acme-corp/chart-theme@^1.2.0\' is not in this registry.\n```\n',
    comments: [
      { author: 'kofi-ops', createdAt: '2024-03-05T10:00:00Z', body: 'Your `.npmrc` is missing in the runner.' },
      { author: 'mira-data', createdAt: '2024-03-05T10:20:00Z', body: 'It was, thanks. We also needed `@acme-corp/npm-auth` to be installed first.' },
    ],
  },
  {
    kind: 'issue', repository: 'learn-npm/private-registries', number: 13, title: 'Which registry do you use?', body: 'Asking for a survey.', author: 'student42', createdAt: '2024-04-01T08:00:00Z',
    comments: [{ author: 'lucia-writes', createdAt: '2024-04-02T08:00:00Z', body: 'Artifactory. Ours is artifactory.acme-corp.com and it is slow on Mondays.' }],
  },
  {
    kind: 'discussion', repository: 'learn-npm/private-registries', number: 14, title: 'Maven and npm in one place', body: 'How do you do it?', author: 'student42', createdAt: '2024-04-03T08:00:00Z',
    comments: [{ author: 'petervdb', createdAt: '2024-04-03T09:00:00Z', body: 'One server for both.', replies: [{ author: 'petervdb', createdAt: '2024-04-03T09:05:00Z', body: 'For example `com.acmecorp.gateway:gateway-client` sits beside our npm packages.' }] }],
  },
  {
    kind: 'issue', repository: 'parcelworks/hermesbuilder', number: 3, title: 'HermesBuilder crashes on A6 labels', body: 'HermesBuilder 2.1, label printer from Zebra.', author: 'student42', createdAt: '2024-04-04T08:00:00Z',
  },
  {
    kind: 'issue', repository: 'acme-corp/design-tokens', number: 1, title: 'Dark mode', body: 'Also for @acme-corp/design-tokens v5?', author: 'student42', createdAt: '2024-04-05T08:00:00Z',
  },
]

export const gists: readonly GistSource[] = [
  {
    owner: 'samwhitfield', id: '5f3759df5f3759df5f3759df5f3759df', description: 'pip on a new laptop', createdAt: '2024-05-20T19:00:00Z',
    files: { 'pip.conf': '[global]\nindex-url = https://artifactory.acme-corp.com/artifactory/api/pypi/pypi/simple\n', 'requirements.txt': 'acmecorp-buildfarm==0.9.0\n' },
  },
]

/** What becomes public while somebody watches. @param at when it is written */
export function laterConversation(at: Date): ConversationSource {
  return {
    kind: 'issue', repository: 'learn-npm/private-registries', number: 15, title: 'peer dependency of a private package', author: 'jana-doe', createdAt: `${at.toISOString().slice(0, 19)}Z`,
    body: '`@acme-corp/form-engine@4` wants React 17, how do I override that?',
  }
}

/** Names that no file shows: only who reads what people say finds them. */
export const publicationExpectations: readonly { readonly identifier: string; readonly source: string; readonly container: string; readonly why: string }[] = [
  { identifier: '@acme-corp/chart-theme', source: 'github-issues', container: 'learn-npm/private-registries', why: 'an error pasted into an issue' },
  { identifier: '@acme-corp/npm-auth', source: 'github-issues', container: 'learn-npm/private-registries', why: 'a comment below it' },
  { identifier: 'artifactory.acme-corp.com', source: 'github-issues', container: 'learn-npm/private-registries', why: 'a comment below an issue that says nothing' },
  { identifier: 'com.acmecorp.gateway', source: 'github-issues', container: 'learn-npm/private-registries', why: 'an answer in a discussion' },
  { identifier: 'acmecorp-buildfarm', source: 'github-gists', container: 'samwhitfield/gist:5f3759df5f3759df5f3759df5f3759df', why: 'a gist of a former employee' },
]
