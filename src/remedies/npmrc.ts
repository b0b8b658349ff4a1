import { stringify } from 'yaml'
import type { Fix } from './contract.ts'
import { npmScopeOf, packageOf } from './names.ts'
import { addressOf, checkAddress } from './quote.ts'

/** https://docs.npmjs.com/cli/configuring-npm/npmrc and https://yarnpkg.com/configuration/yarnrc#npmScopes */
export const npmrc: Fix = (leak, company) => {
  const scope = npmScopeOf(leak)
  const url = addressOf('npm', company)
  if (scope !== null) {
    const note = `Every package of ${scope} then comes from your registry alone. Commit it to each repository that uses the scope, and put it into the images of your builds. ${checkAddress(company)}`
    return [
      { title: `Bind ${scope} to your registry: npm, pnpm`, note, file: '.npmrc', language: 'ini', text: `${scope}:registry=${url}\n` },
      { title: `Bind ${scope} to your registry: Yarn 2 and newer`, note, file: '.yarnrc.yml', language: 'yaml', text: stringify({ npmScopes: { [scope.slice(1)]: { npmRegistryServer: url } } }) },
    ]
  }
  const name = packageOf(leak, 'npm')
  if (name === null) return []
  return [{
    title: 'One registry for everything: npm, pnpm',
    note: `A name without a scope cannot be bound to a registry: ask yours for everything, and let it block ${name} at its public upstream. Better, move the package into a scope. ${checkAddress(company)}`,
    file: '.npmrc',
    language: 'ini',
    text: `registry=${url}\n`,
  }]
}
