import type { Fix } from './contract.ts'
import { code, oneLine } from './quote.ts'

const jobSources = /^(?:ashby|bamboohr|breezy|greenhouse|hacker-news|lever|page|personio|recruitee|smartrecruiters|teamtailor|workable|workday)$/

/** A job ad is ours to change, by people who do not know what a registry is. */
export const jobAd: Fix = ({ name, kind, places }) => {
  const ads = [...new Set(places.filter(({ source }) => jobSources.test(source)).map(({ url }) => oneLine(url).replaceAll(/[<>\s]/g, encodeURIComponent)))]
  if (ads.length === 0) return []
  const instead = kind === 'codename' ? '"a product that we have not announced yet", or what it does: "our billing platform"' : kind === 'host' ? '"our internal package registry"' : '"our internal libraries", or what they do: "our authentication client"'
  return [{
    title: 'To HR: please change the job ad',
    note: 'It can be changed today. Copies at job boards and in archives stay: ask for the ad to be pushed to them again.',
    file: null,
    language: 'markdown',
    text: `Hello,\n\nthe following ads name ${code(name)}, which only people inside should know:\n\n${ads.slice(0, 20).map((url) => `- <${url}>`).join('\n')}\n\nAttackers read job ads to learn what our systems are called, and use the names to smuggle code into our builds. Please write instead: ${instead}. Technologies that everybody knows (Java, Kubernetes, SAP) are fine.\n\nPlease send the changed ad to the job boards again, so that their copies change too, and tell us when it is done. Before the next ad goes out we are glad to look at it: it takes us a minute.\n\nThank you.\n`,
  }]
}
