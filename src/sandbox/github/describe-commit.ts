import type { Commit } from '../git/parse-objects.ts'
import type { Repository } from './catalogue.ts'
import { describeUser } from './shapes.ts'
import type { Site } from './site.ts'

/** A commit as REST shows it, without its files. */
export function describeCommit(site: Site, repository: Repository, commit: Commit) {
  const url = `${site.addresses.apiUrl}/repos/${repository.fullName}/commits/${commit.oid}`
  const person = (email: string) => {
    const account = site.catalogue.accountOfEmail(email)
    return account === null ? null : describeUser(account, site.addresses)
  }
  const signature = ({ name, email, at }: Commit['author']) => ({ name, email, date: new Date(at).toISOString().replace('.000Z', 'Z') })
  return {
    sha: commit.oid,
    url,
    html_url: `${site.addresses.htmlUrl}/${repository.fullName}/commit/${commit.oid}`,
    commit: {
      author: signature(commit.author), committer: signature(commit.committer), message: commit.message.trimEnd(),
      tree: { sha: commit.tree, url: `${site.addresses.apiUrl}/repos/${repository.fullName}/git/trees/${commit.tree}` },
      url, comment_count: 0,
    },
    author: person(commit.author.email),
    committer: person(commit.committer.email),
    parents: commit.parents.map((sha) => ({ sha, url: url.replace(commit.oid, sha), html_url: `${site.addresses.htmlUrl}/${repository.fullName}/commit/${sha}` })),
  }
}
