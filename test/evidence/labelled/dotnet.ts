import { sample, type Sample } from './sample.ts'

/** NuGet in its many files. */
export const dotnet: readonly Sample[] = [
  sample('NuGet.Config', `<?xml version="1.0" encoding="utf-8"?>
<configuration>
  <packageSources>
    <!-- ⟪prose section=comment → HermesBuilder⟫ -->
    <clear />
    <add key="⟪registry-config → AcmeFeed⟫" value="https://⟪registry-config registry=nuget.acme-corp.com url=https://nuget.acme-corp.com/v3/index.json → nuget.acme-corp.com⟫/v3/index.json" />
  </packageSources>
  <packageSourceMapping><packageSource key="⟪registry-config → AcmeFeed⟫"><package pattern="⟪registry-config → Acme.Corp⟫.*" /></packageSource></packageSourceMapping>
  <packageSourceCredentials><⟪registry-config → AcmeFeed⟫><add key="ClearTextPassword" value="hunter2" /></AcmeFeed></packageSourceCredentials>
</configuration>
`),
  sample('src/Billing/Billing.csproj', `<Project Sdk="⟪dependency section=build → Acme.Corp.Sdk⟫/1.0.0">
  <PropertyGroup>
    <PackageId>⟪own-name section=PackageId → Acme.Corp.Billing⟫</PackageId>
    <Description>Billing of ⟪prose section=Description → HermesBuilder⟫</Description>
    <RestoreSources>https://⟪registry-config → nuget.acme-corp.com⟫/v3/index.json</RestoreSources>
    <DefineConstants>⟪code → HermesBuilder⟫</DefineConstants>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="⟪dependency section=runtime version=1.4.2 → Acme.Corp.Auth⟫" Version="1.4.2" />
    <PackageReference Include="⟪dependency version=2.0.0 → Acme.Corp.Log⟫"><Version>2.0.0</Version></PackageReference>
    <Reference Include="⟪import → Acme.Corp.Legacy⟫, Version=1.0.0.0" />
    <ProjectReference Include="..\\⟪code → Acme.Corp.Core⟫\\⟪code → Acme.Corp.Core⟫.csproj" />
    <!-- <PackageReference Include="⟪prose → Acme.Corp.Old⟫" /> -->
  </ItemGroup>
</Project>
`),
  sample('Directory.Packages.props', `<Project><ItemGroup><PackageVersion Include="⟪dependency section=managed version=1.4.2 → Acme.Corp.Auth⟫" Version="1.4.2" /></ItemGroup></Project>`),
  sample('packages.config', `<?xml version="1.0"?>
<packages>
  <package id="⟪dependency section=runtime version=1.4.2 → Acme.Corp.Auth⟫" version="1.4.2" targetFramework="net48" />
  <package id="⟪dependency section=dev → Acme.Corp.Rules⟫" version="1.0.0" developmentDependency="true" />
</packages>
`),
  sample('Acme.nuspec', `<package><metadata>
  <id>⟪own-name version=3.0.0 → Acme.Corp.Billing⟫</id><version>3.0.0</version>
  <description>⟪prose → HermesBuilder⟫ billing</description>
  <dependencies><dependency id="⟪dependency version=1.4.2 → Acme.Corp.Auth⟫" version="1.4.2" /></dependencies>
</metadata></package>
`),
  sample('packages.lock.json', `{ "version": 1, "dependencies": { "net8.0": {
  "⟪dependency version=1.4.2 section=runtime → Acme.Corp.Auth⟫": { "type": "Direct", "requested": "[1.4.2, )", "resolved": "1.4.2", "contentHash": "a",
    "dependencies": { "⟪dependency version=2.0.0 → Acme.Corp.Log⟫": "2.0.0" } },
  "⟪own-name section=project → acme.corp.core⟫": { "type": "Project" }
} } }
`),
  sample('obj/project.assets.json', `{ "version": 3,
  "targets": { "net8.0": { "⟪dependency → Acme.Corp.Auth⟫/1.4.2": { "type": "package" } } },
  "libraries": { "⟪dependency → Acme.Corp.Auth⟫/1.4.2": { "path": "⟪code → acme.corp.auth⟫/1.4.2" } },
  "project": { "restore": { "projectName": "⟪own-name → Acme.Corp.Billing⟫", "sources": { "https://⟪registry-config registry=nuget.acme-corp.com → nuget.acme-corp.com⟫/v3/index.json": {} } } }
}
`),
]
