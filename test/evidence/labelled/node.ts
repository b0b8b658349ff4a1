import { sample, type Sample } from './sample.ts'

/** npm, yarn, pnpm, bun. */
export const node: readonly Sample[] = [
  sample('services/checkout/package.json', `{
  "name": "⟪own-name version=2.4.1 section=private → @acme-corp/checkout⟫",
  "version": "2.4.1",
  "private": true,
  "description": "Checkout, replaces ⟪prose section=description → acme-corp-legacy-cart⟫",
  "keywords": ["⟪prose section=keywords → HermesBuilder⟫"],
  "homepage": "https://⟪prose → wiki.acme-corp.com⟫/checkout",
  "repository": { "type": "git", "url": "git+https://⟪code → git.acme-corp.com⟫/shop/checkout.git" },
  "main": "dist/⟪code → acme-corp-checkout⟫.js",
  "workspaces": ["packages/⟪own-name section=workspaces → acme-corp-ui⟫"],
  "publishConfig": { "registry": "https://⟪registry-config key=registry registry=npm.acme-corp.com → npm.acme-corp.com⟫/" },
  "scripts": {
    "build": "tsc -p . && ⟪code section=scripts → acme-corp-bundle⟫ --prod",
    "preinstall": "npm i --no-save ⟪dependency command=npm␣install section=command version=1.0.0 → acme-corp-preflight⟫@1.0.0",
    "doctor": "npx ⟪dependency command=npx → @acme-corp/doctor⟫ check && echo ⟪code → @acme-corp/doctor⟫ done",
    "login": "npm login --registry=https://⟪registry-config → npm.acme-corp.com⟫/"
  },
  "prettier": "⟪import section=prettier → @acme-corp/prettier-config⟫",
  "eslintConfig": { "extends": ["⟪import → @acme-corp/eslint-config⟫"] },
  "dependencies": {
    "express": "^4.18.0",
    "⟪dependency section=runtime version=^1.2.0 → acme-corp-auth-client⟫": "^1.2.0",
    "⟪dependency version=file:../lib note=taken␣from␣a␣local␣folder,␣not␣from␣a␣registry → acme-corp-folder⟫": "file:../lib",
    "cart": "npm:⟪dependency section=runtime → acme-corp-cart⟫@^3",
    "⟪dependency version=workspace:* → @acme-corp/tokens⟫": "workspace:*",
    "⟪dependency → acme-corp-git-dep⟫": "git+ssh://git@⟪resolved-url registry=git.acme-corp.com → git.acme-corp.com⟫/x/⟪resolved-url → acme-corp-git-dep⟫.git#v1",
    "tarball": "https://ci:hunter2@⟪resolved-url url=https://npm.acme-corp.com/tarball-1.0.0.tgz → npm.acme-corp.com⟫/tarball-1.0.0.tgz"
  },
  "devDependencies": { "⟪dependency section=dev version=~0.3.1 → @acme-corp/test-kit⟫": "~0.3.1" },
  "peerDependencies": { "⟪dependency section=peer → @acme-corp/runtime⟫": ">=2" },
  "peerDependenciesMeta": { "⟪dependency section=peer → @acme-corp/runtime⟫": { "optional": true } },
  "optionalDependencies": { "⟪dependency section=optional → acme-corp-native⟫": "1" },
  "bundledDependencies": ["⟪dependency section=bundled → acme-corp-bundled⟫"],
  "overrides": { "foo": { "⟪dependency section=override → acme-corp-deep⟫": "2.0.0" } },
  "resolutions": { "**/⟪dependency section=override → acme-corp-deep⟫": "2.0.0" },
  "pnpm": { "overrides": { "⟪dependency section=override → acme-corp-deep⟫": "2" } },
  "config": { "home": "/opt/⟪code → acme-corp-home⟫" }
}
`),
  sample('gist/notes.json', `{
  "devDependencies": { "⟪dependency format=package-json section=dev → acme-corp-auth-client⟫": "1.0.0" }
}`),
  sample('config/app.json', `{ "title": "⟪code → HermesBuilder⟫", "api": "https://⟪code → api.acme-corp.com⟫/v1" }`),
  sample('package-lock.json', `{
  "name": "⟪own-name version=1.0.0 → acme-corp-site⟫",
  "version": "1.0.0",
  "lockfileVersion": 3,
  "packages": {
    "": {
      "name": "⟪own-name → acme-corp-site⟫",
      "dependencies": { "⟪dependency section=runtime → @acme-corp/auth⟫": "^1.0.0" },
      "devDependencies": { "⟪dependency section=dev → acme-corp-lint⟫": "^2" }
    },
    "node_modules/⟪dependency version=1.4.2 section=runtime registry=artifactory.acme-corp.com → @acme-corp/auth⟫": {
      "version": "1.4.2",
      "resolved": "https://⟪resolved-url version=1.4.2 registry=artifactory.acme-corp.com url=https://artifactory.acme-corp.com/api/npm/npm-local/@acme-corp/auth/-/auth-1.4.2.tgz → artifactory.acme-corp.com⟫/api/npm/npm-local/⟪resolved-url → @acme-corp/auth⟫/-/auth-1.4.2.tgz",
      "integrity": "sha512-AAAA==",
      "dependencies": { "⟪dependency section=runtime → acme-corp-jwt⟫": "^3.0.0" }
    },
    "node_modules/⟪dependency section=dev version=2.0.1 → acme-corp-lint⟫": { "version": "2.0.1", "dev": true },
    "node_modules/alias": { "name": "⟪dependency version=9.0.0 → acme-corp-real⟫", "version": "9.0.0" },
    "node_modules/express/node_modules/⟪dependency version=3.0.0 → acme-corp-jwt⟫": { "version": "3.0.0", "peer": true },
    "packages/⟪own-name section=workspaces → acme-corp-ui⟫": { "name": "⟪own-name → @acme-corp/ui⟫", "version": "0.0.1" },
    "packages/⟪own-name section=workspaces → acme-corp-ui⟫/node_modules/left-pad": { "version": "1.3.0" },
    "node_modules/⟪dependency note=taken␣from␣the␣same␣workspace,␣not␣from␣a␣registry → @acme-corp/ui⟫": { "resolved": "packages/⟪own-name → acme-corp-ui⟫", "link": true }
  }
}
`),
  sample('old/npm-shrinkwrap.json', `{
  "name": "⟪own-name → acme-corp-site⟫", "version": "0.1.0", "lockfileVersion": 1, "requires": true,
  "dependencies": {
    "⟪dependency version=1.0.3 registry=artifactory.acme-corp.com → acme-corp-auth⟫": {
      "version": "1.0.3",
      "resolved": "https://⟪resolved-url → artifactory.acme-corp.com⟫/npm/⟪resolved-url version=1.0.3 → acme-corp-auth⟫/-/acme-corp-auth-1.0.3.tgz",
      "requires": { "⟪dependency → acme-corp-jwt⟫": "^1.0.0" },
      "dependencies": { "⟪dependency version=1.0.9 section=dev → acme-corp-jwt⟫": { "version": "1.0.9", "dev": true } }
    }
  }
}
`),
  sample('yarn.lock', `# THIS IS AN AUTOGENERATED FILE. DO NOT EDIT THIS FILE DIRECTLY.
# yarn lockfile v1, ⟪prose section=comment → HermesBuilder⟫

"⟪dependency version=1.4.2 registry=artifactory.acme-corp.com → @acme-corp/auth⟫@^1.0.0", "⟪dependency version=1.4.2 → @acme-corp/auth⟫@^1.1.0":
  version "1.4.2"
  resolved "https://⟪resolved-url registry=artifactory.acme-corp.com → artifactory.acme-corp.com⟫/api/npm/⟪resolved-url → @acme-corp/auth⟫/-/auth-1.4.2.tgz#0123"
  integrity sha512-AAAA==
  dependencies:
    "⟪dependency section=runtime version=^2.0.0 → @acme-corp/jwt⟫" "^2.0.0"
    ⟪dependency version=^4.0.0 → acme-corp-log⟫ "^4.0.0"
  optionalDependencies:
    ⟪dependency section=optional → acme-corp-native⟫ "1.0.0"

⟪dependency version=4.0.1 → acme-corp-log⟫@^4.0.0:
  version "4.0.1"
  resolved "https://⟪resolved-url → artifactory.acme-corp.com⟫/⟪resolved-url → acme-corp-log⟫.tgz"

"tool@git+ssh://git@⟪resolved-url → git.acme-corp.com⟫/x/tool.git":
  version "1.0.0"
`),
  sample('berry/yarn.lock', `# This file is generated by running "yarn install".

__metadata:
  version: 8

"⟪dependency version=1.1.2 → @acme-corp/core⟫@npm:^1.0.0, ⟪dependency version=1.1.2 → @acme-corp/core⟫@npm:^1.1.0":
  version: 1.1.2
  resolution: "⟪dependency version=1.1.2 → @acme-corp/core⟫@npm:1.1.2"
  dependencies:
    ⟪dependency version=npm:^4.0.0 → acme-corp-log⟫: "npm:^4.0.0"
  peerDependencies:
    ⟪dependency section=peer → acme-corp-peer⟫: "*"
  checksum: 10/aaaa
  languageName: node
  linkType: hard

"⟪own-name section=workspaces → @acme-corp/site⟫@workspace:.":
  version: 0.0.0-use.local
  resolution: "⟪own-name → @acme-corp/site⟫@workspace:."
  dependencies:
    "⟪dependency → @acme-corp/core⟫": "npm:^1.0.0"
  languageName: unknown
  linkType: soft

"x@https://⟪resolved-url registry=npm.acme-corp.com → npm.acme-corp.com⟫/x.tgz":
  version: 1.0.0
  resolution: "x@https://⟪resolved-url → npm.acme-corp.com⟫/x.tgz"
`),
  sample('pnpm-lock.yaml', `lockfileVersion: '9.0'

settings:
  autoInstallPeers: true

catalogs:
  default:
    ⟪dependency section=catalog → acme-corp-shared⟫:
      specifier: ^1.0.0
      version: 1.0.4

importers:

  .:
    dependencies:
      '⟪dependency section=runtime version=1.4.2 → @acme-corp/auth⟫':
        specifier: ^1.0.0
        version: 1.4.2(react@18.2.0)
    devDependencies:
      ⟪dependency section=dev → acme-corp-lint⟫:
        specifier: link:../lint
        version: link:../lint

  packages/⟪own-name section=workspaces → acme-corp-ui⟫:
    dependencies:
      react:
        specifier: 18
        version: 18.2.0

packages:

  '⟪dependency version=1.4.2 registry=npm.acme-corp.com → @acme-corp/auth⟫@1.4.2':
    resolution: {integrity: sha512-AAAA==, tarball: https://⟪resolved-url registry=npm.acme-corp.com → npm.acme-corp.com⟫/@acme-corp/auth/-/auth-1.4.2.tgz}
    engines: {node: '>=18'}
    peerDependencies:
      ⟪dependency section=peer → acme-corp-peer⟫: '*'

snapshots:

  '⟪dependency → @acme-corp/auth⟫@1.4.2(react@18.2.0)':
    dependencies:
      ⟪dependency version=3.0.0 → acme-corp-jwt⟫: 3.0.0
`),
  sample('legacy/pnpm-lock.yaml', `lockfileVersion: 5.4

specifiers:
  ⟪dependency → acme-corp-auth⟫: ^1.0.0

dependencies:
  ⟪dependency section=runtime version=1.0.3 → acme-corp-auth⟫: 1.0.3

devDependencies:
  ⟪dependency section=dev version=2.0.0 → acme-corp-lint⟫: 2.0.0

packages:

  /⟪dependency version=1.0.3 section=runtime → acme-corp-auth⟫/1.0.3:
    resolution: {integrity: sha512-BBBB==}
    dev: false

  ⟪resolved-url → npm.acme-corp.com⟫/x/-/x-1.0.0.tgz:
    resolution: {tarball: https://⟪resolved-url → npm.acme-corp.com⟫/x/-/x-1.0.0.tgz}
    name: ⟪dependency → acme-corp-x⟫
    version: 1.0.0
    dev: true
`),
  sample('pnpm-workspace.yaml', `packages:
  - 'packages/⟪own-name → acme-corp-ui⟫'
  # not ⟪prose → acme-corp-old⟫
catalog:
  ⟪dependency section=catalog version=^1.0.0 → acme-corp-shared⟫: ^1.0.0
overrides:
  ⟪dependency section=override → acme-corp-deep⟫: 2.0.0
`),
  sample('.npmrc', `; the registry of ⟪prose section=comment → HermesBuilder⟫
# ask in #⟪prose → acme-corp-npm⟫
⟪registry-config registry=npm.acme-corp.com url=https://npm.acme-corp.com/npm/ → @acme-corp⟫:registry=https://⟪registry-config key=@acme-corp:registry → npm.acme-corp.com⟫/npm/
//⟪registry-config registry=npm.acme-corp.com → npm.acme-corp.com⟫/npm/:_authToken=npm_0123456789abcdef
registry = "https://user:secret@⟪registry-config url=https://npm.acme-corp.com/all/ → npm.acme-corp.com⟫/all/"
always-auth=true
`),
  sample('home/backup/npmrc.txt', `⟪registry-config format=npmrc → @acme-corp⟫:registry=https://⟪registry-config → npm.acme-corp.com⟫/
`),
  sample('.yarnrc.yml', `nodeLinker: node-modules
npmScopes:
  acme-corp:
    npmRegistryServer: "https://⟪registry-config key=npmRegistryServer registry=npm.acme-corp.com → npm.acme-corp.com⟫"
    npmAuthToken: "\${NPM_TOKEN}" # for ⟪prose → HermesBuilder⟫
npmRegistries:
  //⟪registry-config → npm.acme-corp.com⟫:
    npmAlwaysAuth: true
packageExtensions:
  "⟪dependency section=override → @acme-corp/core⟫@*":
    dependencies:
      ⟪dependency → acme-corp-jwt⟫: "*"
yarnPath: .yarn/releases/⟪code → acme-corp-yarn⟫.cjs
`),
  sample('.yarnrc', `# ⟪prose → HermesBuilder⟫
"⟪registry-config → @acme-corp⟫:registry" "https://⟪registry-config registry=npm.acme-corp.com → npm.acme-corp.com⟫/"
`),
  sample('bun.lock', `{
  "lockfileVersion": 1,
  "workspaces": {
    "": {
      "name": "⟪own-name → acme-corp-site⟫",
      "dependencies": { "⟪dependency section=runtime version=^1.0.0 → acme-corp-auth⟫": "^1.0.0", },
    },
  },
  "packages": {
    "⟪dependency → acme-corp-auth⟫": ["⟪dependency version=1.0.3 → acme-corp-auth⟫@1.0.3", "https://⟪resolved-url → npm.acme-corp.com⟫/acme-corp-auth-1.0.3.tgz", {}, "sha512-A"],
  }
}
`),
  sample('bunfig.toml', `[install]
registry = "https://⟪registry-config registry=npm.acme-corp.com → npm.acme-corp.com⟫/"
[install.scopes]
"⟪registry-config registry=npm.acme-corp.com → @acme-corp⟫" = { url = "https://⟪registry-config → npm.acme-corp.com⟫/" }
[test]
preload = "./⟪code → acme-corp-setup⟫.ts"
`),
  sample('renovate.json', `{
  "description": "for ⟪prose → HermesBuilder⟫",
  "hostRules": [{ "matchHost": "⟪registry-config key=hostRules → npm.acme-corp.com⟫", "hostType": "npm" }],
  "packageRules": [{ "matchPackageNames": ["⟪code → acme-corp-auth⟫"], "registryUrls": ["https://⟪registry-config → npm.acme-corp.com⟫"] }]
}
`),
]
