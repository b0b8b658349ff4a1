import { getDomain } from 'tldts'
import type { Fix } from './contract.ts'
import { mavenGroupOf, npmScopeOf, packageOf } from './names.ts'
import { code } from './quote.ts'

/** Steps that take a whole namespace, so that no name in it can be taken. */
export const reservation: Fix = (leak, { name: company, domains }) => {
  const steps = stepsFor(leak, domains)
  if (steps === null) return []
  return [{
    title: `Reserve ${steps.what}`,
    note: 'A namespace of yours protects every name in it, those of next year too.',
    file: null,
    language: 'markdown',
    text: `# Reserve ${steps.what} for ${code(company)}\n\n${steps.steps.map((step) => `- [ ] ${step}`).join('\n')}\n`,
  }]
}

function stepsFor(leak: Parameters<Fix>[0], domains: readonly string[]): { readonly what: string; readonly steps: readonly string[] } | null {
  const scope = npmScopeOf(leak)
  if (scope !== null) {
    return {
      what: `the npm scope ${code(scope)}`,
      steps: [
        `Create the organisation ${code(scope.slice(1))} on npm with an account of the company, not of a person. A scope is taken when a user or an organisation of that name exists.`,
        'If it is taken: find out by whom. npm transfers names only for trademarks; otherwise move your packages into a scope that you own.',
        'Require two-factor authentication in the organisation, and give a second owner access.',
        'Publish nothing in it only to hold a name: a scope that is yours is enough.',
      ],
    }
  }
  const group = mavenGroupOf(leak)
  if (group !== null) {
    const domain = getDomain(group.split('.').reverse().join('.'), { validateHostname: false })
    const isOurs = domains.some((one) => one === domain)
    // No registry of domains has such an ending: Central refuses it to everybody.
    if (domain === null) return null
    const namespace = domain.split('.').reverse().join('.')
    return {
      what: `the Maven namespace ${code(namespace)}`,
      steps: [
        `Sign in at central.sonatype.com with an account of the company and add the namespace ${code(namespace)}; it covers every group below it.`,
        `Prove the domain with the TXT record it shows, on ${code(domain)}. ${isOurs ? 'That domain stands in your configuration as yours.' : 'Is that domain yours? If nobody owns it, register it: its owner can publish the whole group.'}`,
        'Keep the domain renewed, with a lock at the registrar: who buys it later can prove the namespace.',
      ],
    }
  }
  const nuget = packageOf(leak, 'nuget')
  if (nuget !== null) {
    const prefix = `${nuget.split('.')[0] ?? nuget}.`
    return {
      what: `the NuGet prefix ${code(prefix)}`,
      steps: [
        'Create an organisation on nuget.org with an account of the company.',
        `Write to account@nuget.org: the owner's display name and the prefix ${code(prefix)}, and why it identifies you. They decide by uniqueness and by whether others use it.`,
        'Keep your packages mapped to your own source all the same: the reservation stops new ids of others, not old ones.',
      ],
    }
  }
  const packagist = packageOf(leak, 'packagist')
  if (packagist !== null) {
    const vendor = packagist.slice(0, packagist.indexOf('/')).toLowerCase()
    return {
      what: `the Packagist vendor ${code(vendor)}`,
      steps: [`The first who publishes a package under ${code(vendor)} owns the vendor: publish one that may be public (a coding standard, an open client) with an account of the company.`, `In every composer.json: your repository first, and ${code('"packagist.org": false')} where everything comes through it.`],
    }
  }
  const docker = packageOf(leak, 'docker')
  if (docker === null) return null
  const namespace = docker.split('/')[0] ?? docker
  return {
    what: `the Docker Hub namespace ${code(namespace)}`,
    steps: [`Create the organisation ${code(namespace)} on Docker Hub with an account of the company.`, 'Write images with the host of your registry: without one, Docker Hub is asked.'],
  }
}
