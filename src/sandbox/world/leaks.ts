import { packageLock } from './lockfile.ts'
import { people } from './people.ts'
import type { Expectation, WorldRepository } from './repository.ts'

const npmHost = 'https://artifactory.acme-corp.com/artifactory/api/npm/npm-internal'

const checkoutManifest = `{
  "name": "checkout-prototype",
  "version": "0.3.0",
  "private": true,
  "scripts": { "start": "node src/server.js" },
  "dependencies": {
    "@acme-corp/auth-client": "^2.1.0",
    "@acme-corp/http-kit": "~4.0.2",
    "express": "^4.19.2"
  }
}
`

const checkoutLock = packageLock('checkout-prototype', 60, [
  { name: '@acme-corp/auth-client', version: '2.1.3', resolved: `${npmHost}/@acme-corp/auth-client/-/auth-client-2.1.3.tgz` },
  { name: '@acme-corp/http-kit', version: '4.0.2', resolved: `${npmHost}/@acme-corp/http-kit/-/http-kit-4.0.2.tgz` },
])

const checkoutFiles = {
  'package.json': checkoutManifest,
  'package-lock.json': checkoutLock,
  '.npmrc': `registry=https://registry.example/\n@acme-corp:registry=${npmHost}/\nalways-auth=true\n`,
  'src/server.js': "import express from 'express'\nimport { verify } from '@acme-corp/auth-client'\n\nconst app = express()\napp.use(verify({ audience: 'checkout' }))\napp.listen(3000)\n",
}

const pom = `<?xml version="1.0" encoding="UTF-8"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>dev.petervdb</groupId>
  <artifactId>payment-gateway-poc</artifactId>
  <version>0.1.0</version>
  <repositories>
    <repository>
      <id>central</id>
      <url>https://maven.example/central</url>
    </repository>
  </repositories>
  <dependencies>
    <dependency>
      <groupId>com.acmecorp.billing</groupId>
      <artifactId>billing-core</artifactId>
      <version>7.4.0</version>
    </dependency>
    <dependency>
      <groupId>org.slf4j</groupId>
      <artifactId>slf4j-api</artifactId>
      <version>2.0.13</version>
    </dependency>
  </dependencies>
</project>
`

const stackTrace = `# Postings fail at month end

Posting this here because I keep forgetting what it was. Happens on the last of the month only.

\`\`\`
Exception in thread "main" java.lang.IllegalStateException: period is closed
    at com.acmecorp.ledger.PostingService.post(PostingService.java:88)
    at com.acmecorp.ledger.batch.MonthEnd.run(MonthEnd.java:41)
    at java.base/java.lang.Thread.run(Thread.java:1583)
\`\`\`

Fix was to wait for the lock. Ticket ACME-LDG-2041 has the rest.
`

const resume = `# Sam Whitfield

Platform engineer. I like build systems and quiet pagers.

## Work

* 2021 to 2024, **Acme**, Utrecht: tech lead of Project HermesBuilder, the internal
  build farm (4,000 builds a day), and author of its client, \`@acme-corp/build-cli\`.
* 2017 to 2021, freelance.
`

const workflow = `name: build
on: [push]
jobs:
  image:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: docker login artifactory.acme-corp.com -u ci -p "$PASSWORD"
        env:
          PASSWORD: \${{ secrets.REGISTRY_PASSWORD }}
      - run: docker build -t home/metrics .
`

const requirements = `numpy==1.26.4
pandas==2.2.2
scikit-learn==1.5.0
acmecorp-features==3.2.1
acmecorp_ledger>=1.4,<2  # internal client
`

/** Repositories of strangers and of employees in which something of ours became public. */
export const leaks: readonly WorldRepository[] = [
  {
    fullName: 'jana-doe/checkout-prototype',
    description: 'weekend experiments with a checkout flow',
    stars: 3,
    commits: [
      { author: people.jana, date: '2024-02-03T10:15:00Z', message: 'Initial commit\n', files: { 'README.md': '# checkout-prototype\n\nA toy.\n', 'package.json': '{\n  "name": "checkout-prototype",\n  "version": "0.1.0"\n}\n' } },
      { author: people.jana, date: '2024-02-10T16:40:00Z', message: 'Use the real auth client\n', files: checkoutFiles },
      { author: people.jana, date: '2024-03-02T09:05:00Z', message: 'README\n', files: { 'README.md': '# checkout-prototype\n\nA toy. Run `npm start`.\n' } },
    ],
  },
  {
    fullName: 'mira-data/churn-model',
    description: 'customer churn, take-home style',
    stars: 1,
    commits: [
      { author: people.mira, date: '2023-11-20T20:00:00Z', message: 'model\n', files: { 'requirements.txt': requirements, 'train.py': 'import pandas as pd\nfrom acmecorp_features import windows\n\nframe = windows.load("churn", days=90)\nprint(pd.DataFrame(frame).describe())\n' } },
    ],
  },
  {
    fullName: 'petervdb/payment-gateway-poc',
    description: '',
    commits: [
      { author: people.peter, date: '2024-04-11T08:30:00Z', message: 'proof of concept\n', files: { 'pom.xml': pom, 'src/main/java/dev/petervdb/Main.java': 'package dev.petervdb;\n\nimport com.acmecorp.billing.Invoice;\n\npublic class Main {\n    public static void main(String[] args) {\n        System.out.println(new Invoice());\n    }\n}\n' } },
    ],
  },
  {
    fullName: 'kofi-ops/homelab',
    description: 'my rack at home',
    stars: 12,
    commits: [
      { author: people.kofi, date: '2024-01-14T12:00:00Z', message: 'metrics container\n', files: { 'metrics/Dockerfile': 'FROM artifactory.acme-corp.com/base/node:20-slim\nWORKDIR /app\nCOPY . .\nCMD ["node", "metrics.js"]\n', '.github/workflows/build.yml': workflow } },
      { author: people.kofi, date: '2024-01-21T12:00:00Z', message: 'dashboards\n', files: { 'metrics/README.md': 'Grafana on port 3001.\n' } },
      { author: people.kofi, date: '2024-05-02T18:20:00Z', message: 'wip: packages from work\n', branch: 'wip/work-packages', files: { 'metrics/.npmrc': `@acme-corp:registry=${npmHost}/\n`, 'metrics/package.json': '{\n  "name": "metrics",\n  "dependencies": { "@acme-corp/telemetry": "^1.0.0" }\n}\n' } },
    ],
  },
  {
    fullName: 'lucia-writes/notes',
    description: 'things I forget',
    stars: 5,
    commits: [
      { author: people.lucia, date: '2024-03-31T22:10:00Z', message: 'month end\n', files: { 'java/month-end.md': stackTrace } },
    ],
  },
  {
    fullName: 'samwhitfield/resume',
    description: 'Curriculum vitae',
    commits: [{ author: people.sam, date: '2024-06-01T07:00:00Z', message: 'update\n', files: { 'README.md': resume } }],
  },
  {
    fullName: 'mirror-bot/checkout-prototype-mirror',
    description: 'Automatic mirror of jana-doe/checkout-prototype',
    commits: [{ author: people.bot, date: '2024-02-11T00:00:00Z', message: 'mirror\n', files: { 'README.md': '# mirror\n', ...checkoutFiles } }],
  },
  {
    fullName: 'student42/checkout-prototype',
    description: 'weekend experiments with a checkout flow',
    forkOf: 'jana-doe/checkout-prototype',
    commits: [
      { author: people.jana, date: '2024-02-03T10:15:00Z', message: 'Initial commit\n', files: { 'README.md': '# checkout-prototype\n\nA toy.\n', 'package.json': '{\n  "name": "checkout-prototype",\n  "version": "0.1.0"\n}\n' } },
      { author: people.jana, date: '2024-02-10T16:40:00Z', message: 'Use the real auth client\n', files: checkoutFiles },
    ],
  },
  {
    fullName: 'kofi-ops/dashboard',
    description: 'a dashboard with far too many dependencies',
    stars: 40,
    commits: [
      {
        author: people.kofi, date: '2023-12-05T15:00:00Z', message: 'dashboard\n',
        files: {
          'package.json': '{\n  "name": "dashboard",\n  "dependencies": { "chart-kit": "^3.0.0" }\n}\n',
          'package-lock.json': packageLock('dashboard', 1_900, [{ name: '@acme-corp/telemetry', version: '1.0.7', resolved: `${npmHost}/@acme-corp/telemetry/-/telemetry-1.0.7.tgz` }]),
        },
      },
    ],
  },
]

const checkout = ['jana-doe/checkout-prototype', 'mirror-bot/checkout-prototype-mirror'].flatMap((repository): Expectation[] => {
  const why = repository.startsWith('mirror-bot') ? 'a copy: the same content as jana-doe/checkout-prototype' : ''
  return [
    { identifier: '@acme-corp/auth-client', repository, path: 'package.json', findable: true, why: why || 'a dependency in a manifest' },
    { identifier: '@acme-corp/http-kit', repository, path: 'package.json', findable: true, why: why || 'a dependency in a manifest' },
    { identifier: '@acme-corp/auth-client', repository, path: 'package-lock.json', findable: true, why: why || 'resolved from our host' },
    { identifier: '@acme-corp/http-kit', repository, path: 'package-lock.json', findable: true, why: why || 'resolved from our host' },
    { identifier: 'artifactory.acme-corp.com', repository, path: 'package-lock.json', findable: true, why: why || 'the host in resolved URLs' },
    { identifier: '@acme-corp', repository, path: '.npmrc', findable: true, why: why || 'the scope and its registry' },
    { identifier: 'artifactory.acme-corp.com', repository, path: '.npmrc', findable: true, why: why || 'the registry of the scope' },
    { identifier: '@acme-corp/auth-client', repository, path: 'src/server.js', findable: true, why: why || 'an import' },
  ]
})

export const leakExpectations: readonly Expectation[] = [
  ...checkout,
  { identifier: 'acmecorp-features', repository: 'mira-data/churn-model', path: 'requirements.txt', findable: true, why: 'a pinned dependency' },
  { identifier: 'acmecorp-ledger', repository: 'mira-data/churn-model', path: 'requirements.txt', findable: true, why: 'written with an underscore: PyPI makes no difference' },
  { identifier: 'com.acmecorp.billing', repository: 'petervdb/payment-gateway-poc', path: 'pom.xml', findable: true, why: 'a dependency in a POM' },
  { identifier: 'com.acmecorp.billing', repository: 'petervdb/payment-gateway-poc', path: 'src/main/java/dev/petervdb/Main.java', findable: true, why: 'an import of a class of the group' },
  { identifier: 'artifactory.acme-corp.com', repository: 'kofi-ops/homelab', path: 'metrics/Dockerfile', findable: true, why: 'the base image comes from our host' },
  { identifier: 'artifactory.acme-corp.com', repository: 'kofi-ops/homelab', path: '.github/workflows/build.yml', findable: true, why: 'a CI file logs in to our host' },
  { identifier: 'com.acmecorp.ledger', repository: 'lucia-writes/notes', path: 'java/month-end.md', findable: true, why: 'a stack trace' },
  { identifier: 'ACME-LDG-2041', repository: 'lucia-writes/notes', path: 'java/month-end.md', findable: true, why: 'a ticket number: found by the regular expression once the file is read for another reason' },
  { identifier: '@acme-corp/build-cli', repository: 'samwhitfield/resume', path: 'README.md', findable: true, why: 'named in prose' },
  { identifier: 'HermesBuilder', repository: 'samwhitfield/resume', path: 'README.md', findable: true, why: 'a codename near "Acme"; it is sent to nobody, but matched in a file that was read for another name' },
  { identifier: '@acme-corp/telemetry', repository: 'kofi-ops/homelab', path: 'metrics/package.json', findable: false, why: 'not on the default branch: code search does not index it' },
  { identifier: '@acme-corp', repository: 'kofi-ops/homelab', path: 'metrics/.npmrc', findable: false, why: 'not on the default branch: code search does not index it' },
  { identifier: '@acme-corp/telemetry', repository: 'kofi-ops/dashboard', path: 'package-lock.json', findable: false, why: '384 KiB and more: code search does not index it' },
  { identifier: '@acme-corp/auth-client', repository: 'student42/checkout-prototype', path: 'package.json', findable: false, why: 'a fork with fewer stars than its parent: code search does not index it' },
]
