import type { Fix } from './contract.ts'
import { mavenGroupOf } from './names.ts'
import { addressOf, checkAddress, xmlText } from './quote.ts'

/** https://maven.apache.org/guides/mini/guide-mirror-settings.html and https://maven.apache.org/pom.html#repositories */
export const mavenSettings: Fix = (leak, company) => {
  const group = mavenGroupOf(leak)
  if (group === null) return []
  const url = xmlText(addressOf('maven', company))
  return [
    {
      title: 'One repository for everything: Maven',
      note: `Every request goes to your registry, whatever repositories a pom names; the registry must block ${group} at its public upstream. ${checkAddress(company)}`,
      file: 'settings.xml',
      language: 'xml',
      text: `<settings xmlns="http://maven.apache.org/SETTINGS/1.2.0">\n  <mirrors>\n    <mirror>\n      <id>internal</id>\n      <mirrorOf>*</mirrorOf>\n      <url>${url}</url>\n    </mirror>\n  </mirrors>\n</settings>\n`,
    },
    {
      title: 'Your repository first, Central through it: a pom',
      note: `For builds whose settings.xml you do not control. A repository with the id central replaces the one that Maven brings. ${checkAddress(company)}`,
      file: 'pom.xml',
      language: 'xml',
      text: `<repositories>\n  <repository>\n    <id>central</id>\n    <url>${url}</url>\n  </repository>\n</repositories>\n`,
    },
    {
      title: 'Only these groups, only from there: Maven 3.9 and newer',
      note: `Remote repository filtering, one file a repository: ${group} is asked of the repository with the id internal. Switch it on with -Daether.remoteRepositoryFilter.groupId=true in .mvn/maven.config; every repository then needs its file.`,
      file: '.mvn/rrf/groupId-internal.txt',
      language: 'text',
      text: `${group}\n`,
    },
  ]
}
