import type { components } from '@octokit/openapi-types'
import type { Account, Repository } from './catalogue.ts'
import { nodeId } from './catalogue.ts'

type Schemas = components['schemas']

/** Where the two halves of the site are, without a slash at the end. */
export interface Addresses {
  readonly apiUrl: string
  readonly graphqlUrl: string
  readonly htmlUrl: string
}

/** A path in a URL: every segment encoded, slashes kept. */
export function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/')
}

export function describeUser(account: Account, { apiUrl, htmlUrl }: Addresses): Schemas['simple-user'] {
  const api = `${apiUrl}/users/${account.login}`
  return {
    login: account.login,
    id: account.id,
    node_id: account.nodeId,
    avatar_url: `${htmlUrl}/avatars/u/${account.id}`,
    gravatar_id: '',
    url: api,
    html_url: `${htmlUrl}/${account.login}`,
    followers_url: `${api}/followers`,
    following_url: `${api}/following{/other_user}`,
    gists_url: `${api}/gists{/gist_id}`,
    starred_url: `${api}/starred{/owner}{/repo}`,
    subscriptions_url: `${api}/subscriptions`,
    organizations_url: `${api}/orgs`,
    repos_url: `${api}/repos`,
    events_url: `${api}/events{/privacy}`,
    received_events_url: `${api}/received_events`,
    type: account.type,
    site_admin: false,
    user_view_type: 'public',
  }
}

/** A repository as search shows it: no stars, dates, visibility or parent. `fullName` may be an earlier name. */
export function describeMinimalRepository(repository: Repository, fullName: string, addresses: Addresses): Schemas['minimal-repository'] {
  const api = `${addresses.apiUrl}/repos/${fullName}`
  return {
    id: repository.id,
    node_id: repository.nodeId,
    name: fullName.slice(fullName.indexOf('/') + 1),
    full_name: fullName,
    private: false,
    owner: describeUser(repository.owner, addresses),
    html_url: `${addresses.htmlUrl}/${fullName}`,
    description: repository.description,
    fork: repository.forkOf !== null,
    url: api,
    forks_url: `${api}/forks`,
    keys_url: `${api}/keys{/key_id}`,
    collaborators_url: `${api}/collaborators{/collaborator}`,
    teams_url: `${api}/teams`,
    hooks_url: `${api}/hooks`,
    issue_events_url: `${api}/issues/events{/number}`,
    events_url: `${api}/events`,
    assignees_url: `${api}/assignees{/user}`,
    branches_url: `${api}/branches{/branch}`,
    tags_url: `${api}/tags`,
    blobs_url: `${api}/git/blobs{/sha}`,
    git_tags_url: `${api}/git/tags{/sha}`,
    git_refs_url: `${api}/git/refs{/sha}`,
    trees_url: `${api}/git/trees{/sha}`,
    statuses_url: `${api}/statuses/{sha}`,
    languages_url: `${api}/languages`,
    stargazers_url: `${api}/stargazers`,
    contributors_url: `${api}/contributors`,
    subscribers_url: `${api}/subscribers`,
    subscription_url: `${api}/subscription`,
    commits_url: `${api}/commits{/sha}`,
    git_commits_url: `${api}/git/commits{/sha}`,
    comments_url: `${api}/comments{/number}`,
    issue_comment_url: `${api}/issues/comments{/number}`,
    contents_url: `${api}/contents/{+path}`,
    compare_url: `${api}/compare/{base}...{head}`,
    merges_url: `${api}/merges`,
    archive_url: `${api}/{archive_format}{/ref}`,
    downloads_url: `${api}/downloads`,
    issues_url: `${api}/issues{/number}`,
    pulls_url: `${api}/pulls{/number}`,
    milestones_url: `${api}/milestones{/number}`,
    notifications_url: `${api}/notifications{?since,all,participating}`,
    labels_url: `${api}/labels{/name}`,
    releases_url: `${api}/releases{/id}`,
    deployments_url: `${api}/deployments`,
  }
}

/** What a repository's own route adds to the minimal form: dates in ISO 8601, size in KiB. */
export interface RepositoryFacts {
  readonly defaultBranch: string
  readonly createdAt: string
  readonly pushedAt: string
  readonly sizeKib: number
  readonly language: string | null
  readonly forks: number
  readonly parent: Repository | null
}

export type FullRepository = Omit<Schemas['minimal-repository'], 'parent'> & {
  readonly parent?: Schemas['minimal-repository']
  readonly source?: Schemas['minimal-repository']
}

export function describeRepository(repository: Repository, facts: RepositoryFacts, addresses: Addresses): FullRepository {
  const { parent } = facts
  const minimalParent = parent === null ? null : describeMinimalRepository(parent, parent.fullName, addresses)
  return {
    ...describeMinimalRepository(repository, repository.fullName, addresses),
    clone_url: `${addresses.htmlUrl}/${repository.fullName}.git`,
    mirror_url: null,
    homepage: null,
    language: facts.language,
    forks_count: facts.forks,
    stargazers_count: repository.stars,
    watchers_count: repository.stars,
    size: facts.sizeKib,
    default_branch: facts.defaultBranch,
    open_issues_count: 0,
    is_template: false,
    topics: [...repository.topics],
    has_issues: true,
    has_projects: false,
    has_wiki: false,
    has_pages: false,
    has_discussions: false,
    archived: repository.archived,
    disabled: false,
    visibility: 'public',
    pushed_at: facts.pushedAt,
    created_at: facts.createdAt,
    updated_at: facts.pushedAt,
    license: null,
    ...(minimalParent === null ? {} : { parent: minimalParent, source: minimalParent }),
  }
}

/** A file in the index: `sha` is the blob's oid, the commit in the URLs is the indexed one. */
export interface CodeHit {
  readonly repository: Repository
  readonly commit: string
  readonly path: string
  readonly oid: string
}

export function contentsUrl(hit: CodeHit, { apiUrl }: Addresses): string {
  return `${apiUrl}/repositories/${hit.repository.id}/contents/${encodePath(hit.path)}?ref=${hit.commit}`
}

export function describeCodeHit(hit: CodeHit, addresses: Addresses): Schemas['code-search-result-item'] {
  const { repository, path, oid, commit } = hit
  return {
    name: path.slice(path.lastIndexOf('/') + 1),
    path,
    sha: oid,
    url: contentsUrl(hit, addresses),
    git_url: `${addresses.apiUrl}/repositories/${repository.id}/git/blobs/${oid}`,
    html_url: `${addresses.htmlUrl}/${repository.indexedAs}/blob/${commit}/${encodePath(path)}`,
    repository: describeMinimalRepository(repository, repository.indexedAs, addresses),
    score: 1,
  }
}

/** A blob, base64 in lines of 60 characters as GitHub sends it. */
export function describeBlob(repository: Repository, oid: string, bytes: Buffer, { apiUrl }: Addresses): Schemas['blob'] {
  return {
    sha: oid,
    node_id: nodeId('B', repository.id, oid),
    size: bytes.length,
    url: `${apiUrl}/repos/${repository.fullName}/git/blobs/${oid}`,
    content: bytes.toString('base64').replace(/.{60}/g, '$&\n'),
    encoding: 'base64',
  }
}
