/** Ecosystems whose manifest is planted. */
export const plantable = ['npm', 'pypi', 'maven', 'nuget', 'rubygems', 'crates', 'packagist'] as const
export type PlantableEcosystem = (typeof plantable)[number]

export interface Plant {
  /** Name of the file in the public repository or gist. */
  readonly file: string
  /** Exactly this: nothing of it but the made-up name is ours. */
  readonly content: string
}

/** The file to make public. Pure; the name is one that the rules of its ecosystem allow, which have nothing to escape. */
export function plantOf({ name, ecosystem }: { readonly name: string; readonly ecosystem: PlantableEcosystem }): Plant {
  switch (ecosystem) {
    case 'npm':
      return { file: 'package.json', content: `${JSON.stringify({ name: 'weekend-notes', version: '0.1.0', private: true, dependencies: { [name]: '^1.0.0' } }, null, 2)}\n` }
    case 'pypi':
      return { file: 'requirements.txt', content: `${name}==1.0.0\n` }
    case 'maven': {
      const [group = '', artifact = ''] = name.split(':')
      return { file: 'pom.xml', content: `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>org.example</groupId>
  <artifactId>weekend-notes</artifactId>
  <version>0.1.0</version>
  <dependencies>
    <dependency>
      <groupId>${group}</groupId>
      <artifactId>${artifact}</artifactId>
      <version>1.0.0</version>
    </dependency>
  </dependencies>
</project>
` }
    }
    case 'nuget':
      return { file: 'WeekendNotes.csproj', content: `<Project Sdk="Microsoft.NET.Sdk">
  <ItemGroup>
    <PackageReference Include="${name}" Version="1.0.0" />
  </ItemGroup>
</Project>
` }
    case 'rubygems':
      return { file: 'Gemfile', content: `gem "${name}", "~> 1.0"\n` }
    case 'crates':
      return { file: 'Cargo.toml', content: `[package]\nname = "weekend-notes"\nversion = "0.1.0"\nedition = "2024"\n\n[dependencies]\n${name} = "1.0"\n` }
    case 'packagist':
      return { file: 'composer.json', content: `${JSON.stringify({ require: { [name]: '^1.0' } }, null, 2)}\n` }
  }
}

/** Where each source looks, and what a planter must do so that it can see the file. Not in it: nothing can be planted there. */
export const placesToPlant: Readonly<Record<string, string>> = {
  'github-code': 'the default branch of a public repository of a personal account (not of an account under organization.github, which is never reported); the search shows a new file after minutes to days',
  'github-gists': 'a public gist of an account on the roster (sources.github.people, or a public member of your organisation)',
  'github-roster': 'any branch of a public repository, pushed by an account on the roster; seen within minutes to hours',
  'github-issues': 'a public issue, pull request or discussion with the name in it, in a repository that is not yours',
  'github-commits': 'the message of a commit on the default branch of a public repository',
}
