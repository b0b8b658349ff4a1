import { GraphQLError, type GraphQLFieldResolver, type GraphQLResolveInfo } from 'graphql'
import { NotFound } from '../../errors.ts'
import { parseTree, type TreeEntry } from '../git/parse-objects.ts'
import { readBlame, readHistory } from '../git/read-history.ts'
import { parseNodeId, readCommit, type Account, type Repository } from './catalogue.ts'
import { discussionFields, findDiscussion, findRemark, remarkFields, searchDiscussions, type DiscussionNode, type RemarkNode } from './discussions.ts'
import { connect, type Paging } from './graphql-connection.ts'
import {
  accountNode, blobIsBinary, blobText, commitNode, findObject, isTruncated, objectNodeId, repositoryNode, typedError,
  type AccountNode, type ActorNode, type BlobNode, type CommitNode, type GitNode, type QueryContext, type RepositoryNode, type TreeNode,
} from './graphql-nodes.ts'
import { gistFields, findGist } from './gists.ts'
import { findIssueNode, issueFields, issueRemarkFields, type IssueNode, type IssueRemarkNode } from './issue-nodes.ts'
import { holderOf, type Site } from './site.ts'

type Arguments = Readonly<Record<string, unknown>>
type Resolver<Source> = (source: Source, args: Arguments, context: QueryContext) => unknown
type Fields<Source> = Readonly<Record<string, Resolver<Source>>>

function text(args: Arguments, name: string): string | null {
  const value = args[name]
  return typeof value === 'string' ? value : null
}

/** The arguments of a connection. The executor has checked their types against the schema. */
function paging(args: Arguments): Paging {
  return args as Paging
}

/** A repository that the public can read, or the error that stands in its place. */
function openRepository(repository: Repository | null, missing: string, context: QueryContext): RepositoryNode {
  if (repository === null || repository.state === 'gone' || repository.state === 'private') throw typedError('NOT_FOUND', missing)
  if (repository.state !== 'public') throw typedError('FORBIDDEN', 'Repository access blocked')
  if (context.strike('graphqlForbidden') !== null) {
    throw typedError('FORBIDDEN', `\`${repository.owner.login}\` forbids access via a personal access token (classic). Please use a GitHub App, OAuth App, or a personal access token with fine-grained permissions.`, { saml_failure: false })
  }
  return repositoryNode(context.site, repository)
}

function findNamed(site: Site, fullName: string, followRenames: boolean): Repository | null {
  const found = site.catalogue.named(fullName)
  return found === null || (found.moved && !followRenames) ? null : found.repository
}

async function findNode(id: string, context: QueryContext): Promise<RepositoryNode | AccountNode | GitNode | DiscussionNode | RemarkNode | IssueNode | IssueRemarkNode> {
  const missing = `Could not resolve to a node with the global id of '${id}'`
  const parsed = parseNodeId(id)
  const account = context.site.catalogue.accounts.find(({ nodeId }) => nodeId === id)
  if (account !== undefined) return accountNode(account)
  if (parsed === null) throw typedError('NOT_FOUND', missing)
  if (parsed.prefix === 'D') return findDiscussion(context.site, id) ?? Promise.reject(typedError('NOT_FOUND', missing))
  if (parsed.prefix === 'DC') return findRemark(context.site, id) ?? Promise.reject(typedError('NOT_FOUND', missing))
  if (['I', 'PR', 'IC', 'PRRC'].includes(parsed.prefix)) {
    openRepository(context.site.catalogue.repository(parsed.id), missing, context)
    return findIssueNode(context.site, id) ?? Promise.reject(typedError('NOT_FOUND', missing))
  }
  const node = openRepository(context.site.catalogue.repository(parsed.id), missing, context)
  if (parsed.oid === null) return node
  const object = await findObject(context.site, node.repository, parsed.oid)
  if (object === null) throw typedError('NOT_FOUND', missing)
  return object
}

async function findNodes(ids: unknown, context: QueryContext): Promise<unknown[]> {
  const found: unknown[] = []
  for (const id of Array.isArray(ids) ? ids : []) {
    // An error in the list becomes null there, with an error at its path: the others are answered.
    found.push(await findNode(String(id), context).catch((error: unknown) => error))
  }
  return found
}

async function resolveObject({ repository }: RepositoryNode, args: Arguments, context: QueryContext): Promise<GitNode | null> {
  if (context.strike('graphqlResourceLimits') !== null) throw typedError('RESOURCE_LIMITS_EXCEEDED', 'Resource limits for this query exceeded.')
  if (context.strike('blobVanished') !== null) return null
  const oid = text(args, 'oid')
  const name = oid ?? text(args, 'expression')
  if (name === null || (oid !== null && !/^[0-9a-f]{40}$/.test(oid))) return null
  return findObject(context.site, repository, name)
}

async function resolveDefaultBranch(node: RepositoryNode, { site }: QueryContext): Promise<unknown> {
  const head = await readCommit(site.objects, node.repository, 'HEAD')
  if (head === null) return null
  return { id: `REF_${node.repository.nodeId}`, name: (await node.facts()).defaultBranch, prefix: 'refs/heads/', target: commitNode(node.repository, head) }
}

async function resolveHistory({ repository, oid }: CommitNode, args: Arguments, { site }: QueryContext): Promise<unknown> {
  const filter = { path: text(args, 'path'), since: text(args, 'since') ?? undefined, until: text(args, 'until') ?? undefined }
  // Reading what is on the page only: the history of a file can be long.
  const page = connect(await readHistory(repository.gitDir, oid, filter), paging(args))
  const commits: CommitNode[] = []
  for (const one of page.nodes) {
    const commit = await readCommit(site.objects, repository, one)
    if (commit !== null) commits.push(commitNode(repository, commit))
  }
  return { ...page, nodes: commits, edges: page.edges.map(({ cursor }, index) => ({ cursor, node: commits[index] })) }
}

async function resolveBlame({ repository, oid }: CommitNode, args: Arguments, context: QueryContext): Promise<unknown> {
  if (context.strike('graphqlResourceLimits') !== null) throw typedError('RESOURCE_LIMITS_EXCEEDED', 'Resource limits for this query exceeded.')
  const path = text(args, 'path') ?? ''
  const ranges = await readBlame(repository.gitDir, oid, path).catch((error: unknown) => {
    throw error instanceof NotFound ? typedError('NOT_FOUND', `Could not resolve to a file with the path '${path}'.`) : error
  })
  const commits = new Map<string, CommitNode>()
  for (const range of ranges) {
    const commit = commits.has(range.oid) ? null : await readCommit(context.site.objects, repository, range.oid)
    if (commit !== null) commits.set(range.oid, commitNode(repository, commit))
  }
  const dates = [...commits.values()].map(({ commit }) => commit.committer.at)
  const [oldest, newest] = [Math.min(...dates), Math.max(...dates)]
  return {
    ranges: ranges.map(({ start, end, oid: writer }) => {
      const commit = commits.get(writer)
      const share = commit === undefined || newest === oldest ? 0 : (newest - commit.commit.committer.at) / (newest - oldest)
      return { startingLine: start, endingLine: end, age: 1 + Math.round(share * 9), commit }
    }),
  }
}

async function treeEntries(node: TreeNode): Promise<unknown[]> {
  const object = await node.content()
  return (object === null ? [] : parseTree(object.bytes)).map((entry) => ({ ...entry, repository: node.repository }))
}

function publicRepositories(account: Account, site: Site): RepositoryNode[] {
  return site.catalogue.repositories.filter(({ owner, state }) => owner === account && state === 'public').map((one) => repositoryNode(site, one))
}

/** Organizations of a user that the caller may know of. */
function visibleOrganizations(account: Account, { site, caller }: QueryContext): AccountNode[] {
  const own = caller?.account === account
  return account.organizations.filter((one) => own || one.public)
    .map(({ login }) => site.catalogue.account(login)).filter((one) => one !== null).map(accountNode)
}

function members(organization: Account, { site, caller }: QueryContext): AccountNode[] {
  const belongs = (login: string) => login.toLowerCase() === organization.login.toLowerCase()
  const inside = caller?.account.organizations.some(({ login }) => belongs(login)) === true
  return site.catalogue.accounts
    .filter((account) => account.organizations.some((one) => belongs(one.login) && (inside || one.public)))
    .map(accountNode)
}

function findAccount(site: Site, login: string | null, type: Account['type']): AccountNode {
  const account = login === null ? null : site.catalogue.account(login)
  if (account?.type !== type) throw typedError('NOT_FOUND', `Could not resolve to ${type === 'User' ? 'a User' : 'an Organization'} with the login of '${login ?? ''}'.`)
  return accountNode(account)
}

function rateLimit({ site, caller, cost }: QueryContext) {
  const { limit, remaining, used, reset } = site.limits.rate(holderOf(caller), 'graphql')
  return { cost: cost.points, nodeCount: cost.nodes, limit, remaining, used, resetAt: new Date(reset * 1_000).toISOString().replace('.000Z', 'Z') }
}

const query: Fields<undefined> = {
  rateLimit: (_source, _args, context) => rateLimit(context),
  node: (_source, args, context) => findNode(text(args, 'id') ?? '', context),
  nodes: (_source, args, context) => findNodes(args['ids'], context),
  viewer: (_source, _args, { caller }) => (caller === null ? null : accountNode(caller.account)),
  user: (_source, args, { site }) => findAccount(site, text(args, 'login'), 'User'),
  organization: (_source, args, { site }) => findAccount(site, text(args, 'login'), 'Organization'),
  repositoryOwner(_source, args, { site }) {
    const account = site.catalogue.account(text(args, 'login') ?? '')
    return account === null ? null : accountNode(account)
  },
  search(_source, args, { site }) {
    // Of the others REST has a search.
    if (args['type'] !== 'DISCUSSION') throw new GraphQLError('The sandbox searches discussions only', { extensions: { type: 'SANDBOX_NOT_IMPLEMENTED' } })
    return searchDiscussions(site, text(args, 'query') ?? '', paging(args))
  },
  repository(_source, args, context) {
    const fullName = `${text(args, 'owner') ?? ''}/${text(args, 'name') ?? ''}`
    const found = findNamed(context.site, fullName, args['followRenames'] !== false)
    return openRepository(found, `Could not resolve to a Repository with the name '${fullName}'.`, context)
  },
}

const repositoryFields: Fields<RepositoryNode> = {
  id: ({ repository }) => repository.nodeId,
  databaseId: ({ repository }) => repository.id,
  name: ({ repository }) => repository.name,
  nameWithOwner: ({ repository }) => repository.fullName,
  url: ({ repository }, _args, { site }) => `${site.addresses.htmlUrl}/${repository.fullName}`,
  resourcePath: ({ repository }) => `/${repository.fullName}`,
  description: ({ repository }) => repository.description,
  visibility: () => 'PUBLIC',
  isPrivate: () => false,
  isFork: ({ repository }) => repository.forkOf !== null,
  isArchived: ({ repository }) => repository.archived,
  archivedAt: () => null,
  isDisabled: () => false,
  isEmpty: async ({ repository }, _args, { site }) => (await readCommit(site.objects, repository, 'HEAD')) === null,
  isLocked: () => false,
  lockReason: () => null,
  isMirror: () => false,
  isTemplate: () => false,
  isInOrganization: ({ repository }) => repository.owner.type === 'Organization',
  forkCount: async ({ facts }) => (await facts()).forks,
  stargazerCount: ({ repository }) => repository.stars,
  createdAt: async ({ facts }) => (await facts()).createdAt,
  pushedAt: async ({ facts }) => (await facts()).pushedAt,
  updatedAt: async ({ facts }) => (await facts()).pushedAt,
  diskUsage: async ({ facts }) => (await facts()).sizeKib,
  async primaryLanguage({ facts }) {
    const { language } = await facts()
    return language === null ? null : { id: `LAN_${language}`, name: language, color: null }
  },
  licenseInfo: () => null,
  homepageUrl: () => null,
  templateRepository: () => null,
  async parent({ facts }, _args, { site }) {
    const { parent } = await facts()
    return parent === null || parent.state !== 'public' ? null : repositoryNode(site, parent)
  },
  defaultBranchRef: (node, _args, context) => resolveDefaultBranch(node, context),
  owner: ({ repository }) => accountNode(repository.owner),
  object: resolveObject,
}

/** What blobs, trees, commits and tags have in common. */
const objectFields: Fields<GitNode> = {
  id: (node) => objectNodeId(node),
  oid: ({ oid }) => oid,
  abbreviatedOid: ({ oid }) => oid.slice(0, 7),
  repository: ({ repository }, _args, { site }) => repositoryNode(site, repository),
  commitResourcePath: ({ repository, oid }) => `/${repository.fullName}/commit/${oid}`,
  commitUrl: ({ repository, oid }, _args, { site }) => `${site.addresses.htmlUrl}/${repository.fullName}/commit/${oid}`,
}

const blobFields: Fields<BlobNode> = {
  byteSize: ({ byteSize }) => byteSize,
  isTruncated,
  isBinary: (blob, _args, { strike }) => (strike('blobIsBinaryNull') === null ? blobIsBinary(blob) : null),
  text: (blob) => blobText(blob),
}

const treeFields: Fields<TreeNode> = { entries: treeEntries }

interface EntryNode extends TreeEntry {
  readonly repository: Repository
}

const treeEntryFields: Fields<EntryNode> = {
  name: ({ name }) => name,
  oid: ({ oid }) => oid,
  mode: ({ mode }) => Number.parseInt(mode, 8),
  type: ({ mode }) => (mode === '40000' ? 'tree' : mode === '160000' ? 'commit' : 'blob'),
  repository: ({ repository }, _args, { site }) => repositoryNode(site, repository),
  object: ({ repository, oid }, _args, { site }) => findObject(site, repository, oid),
  async size({ repository, oid }, _args, { site }) {
    return (await site.objects.describe(repository.gitDir, oid))?.size ?? 0
  },
}

function utc(at: number): string {
  return new Date(at).toISOString().replace('.000Z', 'Z')
}

const commitFields: Fields<CommitNode> = {
  authoredDate: ({ commit }) => utc(commit.author.at),
  committedDate: ({ commit }) => utc(commit.committer.at),
  pushedDate: () => null,
  message: ({ commit }) => commit.message.trimEnd(),
  messageHeadline: ({ commit }) => commit.message.split('\n')[0] ?? '',
  author: ({ commit }) => ({ signature: commit.author }),
  committer: ({ commit }) => ({ signature: commit.committer }),
  authoredByCommitter: ({ commit }) => commit.author.email === commit.committer.email,
  committedViaWeb: ({ commit }) => commit.committer.email === 'noreply@github.com',
  url: ({ repository, oid }, _args, { site }) => `${site.addresses.htmlUrl}/${repository.fullName}/commit/${oid}`,
  tree: ({ repository, commit }, _args, { site }) => findObject(site, repository, commit.tree),
  async parents({ repository, commit }, args, { site }) {
    const page = connect(commit.parents, paging(args))
    const nodes = await Promise.all(page.nodes.map((oid) => findObject(site, repository, oid)))
    return { ...page, nodes, edges: page.edges.map(({ cursor }, index) => ({ cursor, node: nodes[index] })) }
  },
  history: resolveHistory,
  blame: resolveBlame,
  async file({ repository, oid }, args, { site }) {
    const path = text(args, 'path') ?? ''
    const found = await findObject(site, repository, `${oid}:${path}`)
    return found === null ? null : { mode: '100644', name: path.slice(path.lastIndexOf('/') + 1), oid: found.oid, repository }
  },
}

const actorFields: Fields<ActorNode> = {
  name: ({ signature }) => signature.name,
  email: ({ signature }) => signature.email,
  date: ({ signature }) => signature.date,
  avatarUrl: (_actor, _args, { site }) => `${site.addresses.htmlUrl}/avatars/u/0`,
  user({ signature }, _args, { site }) {
    const account = site.catalogue.accountOfEmail(signature.email)
    return account === null || account.type !== 'User' ? null : accountNode(account)
  },
}

const accountFields: Fields<AccountNode> = {
  id: ({ account }) => account.nodeId,
  databaseId: ({ account }) => account.id,
  login: ({ account }) => account.login,
  name: ({ account }) => account.name,
  url: ({ account }, _args, { site }) => `${site.addresses.htmlUrl}/${account.login}`,
  resourcePath: ({ account }) => `/${account.login}`,
  avatarUrl: ({ account }, _args, { site }) => `${site.addresses.htmlUrl}/avatars/u/${account.id}`,
  createdAt: () => '2015-01-01T00:00:00Z',
  websiteUrl: () => null,
  location: () => null,
  repositories: ({ account }, args, { site }) => connect(publicRepositories(account, site), paging(args)),
}

const userFields: Fields<AccountNode> = {
  // Nobody shows an address to strangers here; the schema wants a string.
  email: () => '',
  company: ({ account }) => account.company,
  bio: () => null,
  organizations: ({ account }, args, context) => connect(visibleOrganizations(account, context), paging(args)),
  organization: ({ account }, args, context) =>
    visibleOrganizations(account, context).find((one) => one.account.login.toLowerCase() === text(args, 'login')?.toLowerCase()) ?? null,
  gists: (_node, args) => connect([], paging(args)),
  gist: ({ account }, args, { site }) => findGist(site, account.login, text(args, 'name') ?? ''),
}

const organizationFields: Fields<AccountNode> = {
  email: () => null,
  description: () => null,
  isVerified: () => false,
  membersWithRole({ account }, args, context) {
    const page = connect(members(account, context), paging(args))
    return { ...page, edges: page.edges.map((edge) => ({ ...edge, role: 'MEMBER', hasTwoFactorEnabled: null })) }
  },
}

// Each table is written for its own source; the executor only calls it with what the fields above returned for that type.
const resolvers = {
  Query: query,
  Repository: repositoryFields,
  Blob: { ...objectFields, ...blobFields },
  Tree: { ...objectFields, ...treeFields },
  TreeEntry: treeEntryFields,
  Commit: { ...objectFields, ...commitFields },
  Tag: objectFields,
  GitActor: actorFields,
  User: { ...accountFields, ...userFields },
  Organization: { ...accountFields, ...organizationFields },
  Discussion: discussionFields,
  DiscussionComment: remarkFields,
  Issue: issueFields,
  PullRequest: issueFields,
  IssueComment: issueRemarkFields,
  PullRequestReviewComment: issueRemarkFields,
  Gist: gistFields,
} as unknown as Readonly<Record<string, Fields<unknown>>>

function property(source: unknown, name: string): unknown {
  if (typeof source !== 'object' || source === null || !Object.hasOwn(source, name)) return undefined
  // Checked in the line above.
  return (source as Readonly<Record<string, unknown>>)[name]
}

/** Any field of GitHub's schema. One that the sandbox does not know is an error with its name, never a quiet null. */
export const resolveField: GraphQLFieldResolver<unknown, QueryContext> = (source, args: Arguments, context, info: GraphQLResolveInfo) => {
  const resolver = resolvers[info.parentType.name]?.[info.fieldName]
  if (resolver !== undefined) return resolver(source, args, context)
  const value = property(source, info.fieldName)
  if (value !== undefined) return value
  throw new GraphQLError(`The sandbox does not answer ${info.parentType.name}.${info.fieldName}`, { extensions: { type: 'SANDBOX_NOT_IMPLEMENTED' } })
}

