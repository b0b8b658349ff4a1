import { comment, verdict, type Format, type Place, type Verdict } from '../format.ts'
import { readCommand } from '../commands.ts'
import { readImage } from '../images.ts'
import type { LineSpan, SourceText } from '../source-text.ts'

/** Lines that one instruction may go on for. */
const maxContinued = 100
const maxLine = 4_000
const maxStages = 100

/** Dockerfile and Containerfile. https://docs.docker.com/reference/dockerfile/ */
export const dockerfile: Format = {
  id: 'dockerfile',
  claimsPath: (file) => /^(?:dockerfile|containerfile)(?:[._-][\w.-]+)?$/.test(file.base) || /\.(?:dockerfile|containerfile)$/.test(file.base),
  claimsContent: (head) => /^(?:#[^\n]*\r?\n|\s|ARG\s[^\n]*\n){0,40}FROM\s+(?:--platform=\S+\s+)?[\w.${}:/@-]+(?:\s+AS\s+[\w.-]+)?\s*$/im.test(head) && /^(?:RUN|COPY|WORKDIR|CMD|ENTRYPOINT|ENV)\s/m.test(head),
  read(file) {
    const instructions = indexInstructions(file)
    const stages = stagesOf(file)
    return (place) => readInstruction(file, instructions, stages, place)
  },
}

/** For every line the line on which its instruction begins. */
function indexInstructions(file: SourceText): readonly number[] {
  const begins: number[] = []
  let begin = 0
  let open = false
  for (let index = 0; ; index += 1) {
    const line = file.line(index)
    if (line === null) return begins
    const isComment = firstVisible(file, line) === '#'
    if (!open || index - begin > maxContinued) begin = index
    begins.push(isComment ? index : begin)
    // A comment between the lines of an instruction does not end it.
    if (!isComment) open = /\\[ \t]*$/.test(file.text.slice(Math.max(line.start, line.end - 20), line.end))
  }
}

/** Names that `FROM … AS name` gives, lower-cased, with the line that does: below it they stand where an image could. */
function stagesOf(file: SourceText): ReadonlyMap<string, number> {
  const stages = new Map<string, number>()
  for (let index = 0; stages.size < maxStages; index += 1) {
    const line = file.line(index)
    if (line === null) break
    const name = /^\s*FROM\s.{1,1000}\sAS\s+(?<name>[\w.-]{1,128})\s*$/i.exec(file.text.slice(line.start, Math.min(line.end, line.start + maxLine)))?.groups?.['name']
    if (name !== undefined && !stages.has(name.toLowerCase())) stages.set(name.toLowerCase(), index)
  }
  return stages
}

function isStage(stages: ReadonlyMap<string, number>, name: string, line: LineSpan): boolean {
  return (stages.get(name.toLowerCase()) ?? Infinity) < line.index
}

function firstVisible(file: SourceText, line: LineSpan): string {
  for (let at = line.start; at < line.end; at += 1) {
    const char = file.text.charAt(at)
    if (char !== ' ' && char !== '\t') return char
  }
  return ''
}

function readInstruction(file: SourceText, instructions: readonly number[], stages: ReadonlyMap<string, number>, place: Place): Verdict | null {
  const line = file.lineAt(place.start)
  if (firstVisible(file, line) === '#') return comment()
  const begin = file.line(instructions[line.index] ?? line.index) ?? line
  const opening = file.text.slice(begin.start, Math.min(begin.end, begin.start + maxLine))
  const word = /^\s*(?:ONBUILD\s+)?(?<word>[A-Za-z]+)/.exec(opening)?.groups?.['word']?.toUpperCase() ?? ''
  if (word === 'FROM') return readFrom(opening, begin, stages, place)
  if (word === 'COPY' || word === 'ADD') {
    const from = /--from=(?<image>[^\s]+)/.exec(opening)
    const start = begin.start + (from?.index ?? 0) + '--from='.length
    const image = from?.groups?.['image'] ?? ''
    if (place.start >= start && place.start < start + image.length && !isStage(stages, image, begin)) return readImage(image, place.start - start, place, 'COPY')
  }
  if (word === 'LABEL' || word === 'MAINTAINER') return verdict('prose', { section: word })
  return readCommand(file, place) ?? verdict('code', { section: word === '' ? null : word })
}

function readFrom(opening: string, begin: LineSpan, stages: ReadonlyMap<string, number>, place: Place): Verdict {
  const found = /^\s*(?:ONBUILD\s+)?FROM\s+(?:--\S+\s+)*(?<image>\S+)/di.exec(opening)
  const image = found?.groups?.['image'] ?? ''
  const start = begin.start + (found?.indices?.groups?.['image']?.[0] ?? 0)
  // What follows is the name of the stage.
  if (image === '' || isStage(stages, image, begin) || place.start < start || place.start >= start + image.length) return verdict('code', { section: 'FROM' })
  return readImage(image, place.start - start, place, 'FROM')
}
