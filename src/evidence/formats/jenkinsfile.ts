import { findComments } from '../comments.ts'
import { comment, verdict, type Format } from '../format.ts'
import { readCommand } from '../commands.ts'
import { languageOf } from '../languages.ts'

/** Jenkinsfile and other pipelines in Groovy. https://www.jenkins.io/doc/book/pipeline/syntax/ */
export const jenkinsfile: Format = {
  id: 'jenkinsfile',
  claimsPath: (file) => /^(?:jenkinsfile(?:[._-][\w.-]+)?|[\w.-]+\.jenkinsfile)$/.test(file.base) || (file.extension === 'groovy' && /(?:^|\/)(?:jenkins|\.jenkins|pipelines|vars)\//.test(file.path)),
  claimsContent: (head) => /^\s*pipeline\s*\{/m.test(head) && /\b(?:agent|stages)\b/.test(head),
  read(file) {
    const style = languageOf('', 'groovy')?.comments
    // Inside of ''' … ''' a shell's # is a comment too, but it may be anything else; only Groovy's are told.
    const { isComment } = style === undefined ? { isComment: () => false } : findComments(file.text, { ...style, longQuotes: ["'''", '"""'] })
    return (place) => (isComment(place.start) ? comment() : (readCommand(file, place) ?? verdict('ci')))
  },
}
