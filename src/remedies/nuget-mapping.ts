import type { Fix } from './contract.ts'
import { packageOf } from './names.ts'
import { addressOf, checkAddress, xmlText } from './quote.ts'

/** https://learn.microsoft.com/en-us/nuget/consume-packages/package-source-mapping: the most specific pattern wins. */
export const nugetMapping: Fix = (leak, company) => {
  const name = packageOf(leak, 'nuget')
  if (name === null) return []
  return [{
    title: 'Map the package to your source: NuGet',
    note: `The most specific pattern wins: ${name} comes from your registry only, everything else from nuget.org. Put your prefix in place of the one name if you have one. ${checkAddress(company)}`,
    file: 'nuget.config',
    language: 'xml',
    text: [
      '<?xml version="1.0" encoding="utf-8"?>',
      '<configuration>',
      '  <packageSources>',
      '    <clear />',
      `    <add key="internal" value="${xmlText(addressOf('nuget', company))}" />`,
      '    <add key="nuget.org" value="https://api.nuget.org/v3/index.json" />',
      '  </packageSources>',
      '  <packageSourceMapping>',
      '    <packageSource key="internal">',
      `      <package pattern="${xmlText(name)}" />`,
      '    </packageSource>',
      '    <packageSource key="nuget.org">',
      '      <package pattern="*" />',
      '    </packageSource>',
      '  </packageSourceMapping>',
      '</configuration>',
      '',
    ].join('\n'),
  }]
}
