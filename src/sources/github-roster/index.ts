import type { OpenSource, Source, SourceEnvironment } from '../../contracts/source.ts'
import { Permanent } from '../../errors.ts'
import { checkAccess } from '../../remotes/github/check.ts'
import { openGithub } from '../../remotes/github/client.ts'
import { expandPeople, planPeople, readPeople } from '../../remotes/github/people.ts'
import { lowerOf, partOf, shareOf } from '../../remotes/github/shares.ts'
import type { GithubRow, SourceSettings } from '../settings.ts'
import { pollPerson } from './poll-person.ts'
import { createReadPush } from './read-push.ts'

/** The fast path: what members, former employees and contractors push in public, read as soon as GitHub shows it. */
export const githubRoster = {
  id: 'github-roster',
  title: 'What people on the roster push to GitHub',
  docs: 'https://docs.github.com/en/rest/activity/events',
  discloses: 'GitHub learns whose public activity is followed and which of their files are read; it learns no name of yours.',
  blindSpots: [
    'what happened more than 30 days, or more than 300 events of a person, before they were polled first',
    'what was pushed and taken back within one day, before it was polled',
    'files beyond the first 300 of a push, or the first 1,000 of a new branch or repository',
    'binary files, and what a person does under another account',
    'members of your organisations who hide their membership: name them in sources.github.people',
  ],
  open: (settings, environment) => (settings.github?.places.includes('roster') === true ? open(settings.github, environment) : null),
} satisfies Source<SourceSettings>

function open(settings: GithubRow, environment: SourceEnvironment): OpenSource {
  const client = openGithub(settings, environment)
  const { memory, organizations } = environment
  const core = shareOf('core', 'roster', { max: settings.requestsPerHour, perMs: 3_600_000 })
  return {
    destination: new URL(client.apiUrl).host,
    schedule: settings.rosterSchedule,
    limits: {
      search: partOf(core, 0.6),
      fetch: lowerOf(partOf(core, 0.4), shareOf('graphql', 'roster', { max: settings.fetchesPerHour, perMs: 3_600_000 })),
    },
    batch: 1,
    plan: ({ everything }) => planPeople(everything, organizations, settings.people, 'what is pushed by each'),
    search: async (input, page) => {
      const stored = readPeople(input)
      if (page !== null && !/^[23]$/.test(page)) throw new Permanent('GitHub: the stored page is not one that this version can ask for')
      return stored.people === 'one' ? pollPerson(client, memory, stored.login, page) : expandPeople(client, stored, settings.people)
    },
    fetch: createReadPush(client, memory),
    check: () => checkAccess(client, null),
  }
}
