import type { Source } from '../contracts/source.ts'
import { ashby } from './ashby/index.ts'
import { bamboohr } from './bamboohr/index.ts'
import { breezy } from './breezy/index.ts'
import { githubCode } from './github-code/index.ts'
import { githubCommits } from './github-commits/index.ts'
import { githubGists } from './github-gists/index.ts'
import { githubIssues } from './github-issues/index.ts'
import { githubRepositories } from './github-repositories/index.ts'
import { githubRoster } from './github-roster/index.ts'
import { greenhouse } from './greenhouse/index.ts'
import { hackerNews } from './hacker-news/index.ts'
import { lever } from './lever/index.ts'
import { page } from './page/index.ts'
import { personio } from './personio/index.ts'
import { recruitee } from './recruitee/index.ts'
import { smartrecruiters } from './smartrecruiters/index.ts'
import { stackExchange } from './stack-exchange/index.ts'
import { teamtailor } from './teamtailor/index.ts'
import { webAssets } from './web-assets/index.ts'
import { workable } from './workable/index.ts'
import { workday } from './workday/index.ts'
import type { SourceSettings } from './settings.ts'

/** The only list of sources, one line each, in alphabetical order. */
export const sources: readonly Source<SourceSettings>[] = [
  ashby,
  bamboohr,
  breezy,
  githubCode,
  githubCommits,
  githubGists,
  githubIssues,
  githubRepositories,
  githubRoster,
  greenhouse,
  hackerNews,
  lever,
  page,
  personio,
  recruitee,
  smartrecruiters,
  stackExchange,
  teamtailor,
  webAssets,
  workable,
  workday,
]
