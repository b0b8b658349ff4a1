import type { Fix, LeakPlace } from './contract.ts'
import { code, oneLine } from './quote.ts'

/** Links in one request; a request that nobody reads to its end helps nobody. */
const mostLinks = 20

/**
 * Texts for those who can take it down. A name alone is no credential: GitHub's policy asks for the risk that a
 * particular file poses (https://docs.github.com/en/site-policy/content-removal-policies/github-private-information-removal-policy).
 */
export const removalRequest: Fix = ({ name, kind, places }, { name: company }) => {
  const onGithub = places.filter(({ source }) => source.startsWith('github'))
  const onStackExchange = places.filter(({ source }) => source.startsWith('stack'))
  const what = code(name)
  return [
    ...(onGithub.length === 0 ? [] : [
      {
        title: 'Ask the owner of the repository', note: 'First: only the owner can rewrite the history, and a kind word is faster than a form. If it is one of your people, ask them in person.', file: null, language: 'markdown' as const,
        text: `Hello,\n\nyour repository names ${what}, which is internal to ${code(company)}. Someone could publish a package of that name and have it installed by our builds, so we would be grateful if you removed it:\n\n${list(onGithub)}\n\nDeleting the line is not enough, because the history keeps it: please make the repository private or rewrite its history (${code('git filter-repo --replace-text')}), and tell forks if you can. No harm was done, and we are glad to help.\n\nThank you.\n`,
      },
      {
        title: 'GitHub: private information removal', note: 'When the owner does not answer. GitHub wants the file, the text and the specific risk; a name, host or URL by itself is not sensitive to them.', file: null, language: 'markdown' as const,
        text: `**Who we are:** ${code(company)}, owner of the information; I am authorised to act for it.\n\n**Where:**\n\n${list(onGithub)}\n\n**What:** the ${kind === 'host' ? 'internal host' : 'internal name'} ${what} in these files.\n\n**The specific risk:** ${risk(onGithub, kind)}\n\n**What we did:** we asked the owner on <date> and had no answer. <or: why the owner cannot be asked>\n\n**What we ask for:** removal of the files and of cached views, in the forks listed above as well. These forks hold the same: <links>.\n`,
      },
    ]),
    ...(onStackExchange.length === 0 ? [] : [{
      title: 'Stack Overflow: edit, then redact', note: 'An edit hides it from readers and search, but every revision stays public until a moderator redacts it. Do not name the risk in public comments.', file: null, language: 'markdown' as const,
      text: `1. Edit the post: replace ${what} by a made-up name (${code('example-internal')}), so that the question stays useful. Edit summary: "made the example generic".\n2. Flag the post, "in need of moderator intervention":\n\n> The earlier revisions hold an internal name of a company (not the author's to publish) that allows an attack on its builds. The current revision is clean; please redact the older ones. Posts:\n>\n${list(onStackExchange).split('\n').map((line) => `> ${line}`).join('\n')}\n\n3. If it is still there after some days: write through the contact form of the site, with the links to the revisions.\n`,
    }]),
  ]
}

function list(places: readonly LeakPlace[]): string {
  const urls = [...new Set(places.map(({ url }) => oneLine(url).replaceAll(/[<>\s]/g, encodeURIComponent)))]
  const rest = urls.length > mostLinks ? [`- and ${urls.length - mostLinks} more, on request`] : []
  return [...urls.slice(0, mostLinks).map((url) => `- <${url}>`), ...rest].join('\n')
}

function risk(places: readonly LeakPlace[], kind: string): string {
  if (kind === 'host') return 'the file names the host of our build system together with what is fetched from it, which shows an attacker where and what to imitate.'
  const inBuild = places.some(({ role }) => role === 'dependency' || role === 'resolved-url' || role === 'registry-config' || role === 'own-name')
  return inBuild
    ? 'the file shows that builds install this package by name. Whoever publishes a package of the same name in the public registry has code run on our build machines (dependency confusion).'
    : 'the text joins the internal name with how it is used, which is what an attacker needs to publish a package that our builds would install (dependency confusion).'
}
