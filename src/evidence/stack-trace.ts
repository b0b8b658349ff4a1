import { verdict, type Verdict } from './format.ts'
import type { LineSpan, SourceText } from './source-text.ts'

/** Characters of a line that are read; frames of deep generics are longer, their beginning and end tell enough. */
const maxLine = 1_000

/**
 * Lines of stack traces. Each expression is anchored, or bounded so that it stays linear on lines of 1,000 characters.
 * `tail` is asked about the last 80 characters of the line.
 */
const frames: readonly { readonly language: string; readonly line?: RegExp; readonly tail?: RegExp }[] = [
  // Java, Kotlin, Scala: `at com.acme.Client.call(Client.java:42) ~[client-1.0.jar:?]`
  { language: 'Java', line: /^\s*at\s+[\w.$<>/@-]{1,600}\((?:[\w$.-]{1,200}\.(?:java|kt|scala|groovy|clj):\d+|Native Method|Unknown Source|<generated>|SourceFile:\d+)\)/ },
  { language: 'Java', line: /^\s*(?:Exception in thread "[^"]{0,200}"\s+|Caused by:\s+|Suppressed:\s+|Wrapped by:\s+)[\w.$]{1,300}(?::|\s|$)/ },
  { language: 'Java', line: /^\s*(?:[a-z][\w$]{0,60}\.){2,12}[A-Z][\w$]{0,100}(?:Exception|Error|Throwable|Failure)(?::\s|\s*$)/ },
  { language: 'Java', line: /\b(?:NoClassDefFoundError|ClassNotFoundException|NoSuchMethodError):\s/ },
  // C#: `at Acme.Client.Call(String x) in C:\src\Client.cs:line 12`
  { language: 'C#', line: /^\s+at\s+[\w.`+<>[\],$|]{1,300}\([^)]{0,300}\)(?:\s+in\s.{1,300}:line \d+)?\s*$/ },
  { language: 'C#', line: /^\s*(?:Unhandled exception\.|System\.[\w.]{1,100}Exception:|--->\s)/ },
  { language: 'C#', line: /\bCould not load file or assembly\b/ },
  // Node and browsers: `at Client.call (/app/node_modules/@acme/client/index.js:10:5)`
  { language: 'JavaScript', line: /^\s*at\s/, tail: /:\d{1,9}:\d{1,9}\)?\s{0,20}$/ },
  { language: 'JavaScript', line: /^[\w.$<>/*]{0,100}@(?:https?|file|webpack(?:-internal)?|resource):\/\//, tail: /:\d{1,9}(?::\d{1,9})?\s{0,20}$/ },
  { language: 'JavaScript', line: /\b(?:Cannot find (?:module|package)|Module not found:|Cannot resolve module|ERR_MODULE_NOT_FOUND|Can't resolve) ?/ },
  { language: 'JavaScript', line: /^\s*(?:Uncaught\s+)?(?:\w{0,40}Error|Error \[\w{1,60}\]):\s.{0,300}\bat\b/ },
  { language: 'JavaScript', line: /^\s*- (?:\/|[A-Za-z]:\\)/, tail: /\.[cm]?[jt]s\s{0,20}$/ },
  // Python: `File "/usr/lib/python3/site-packages/acme/client.py", line 10, in call`
  { language: 'Python', line: /^\s*File "[^"]{1,500}", line \d+/ },
  { language: 'Python', line: /\b(?:ModuleNotFoundError|ImportError):\s|\bNo module named / },
  { language: 'Python', line: /^(?:[a-z_]\w{0,100}\.){1,10}[A-Z]\w{0,100}(?:Error|Exception|Warning):\s/ },
  // Go: the path of a frame, and panics.
  { language: 'Go', line: /^\t\S{1,500}\.go:\d+(?:\s\+0x[0-9a-f]+)?\s*$/ },
  { language: 'Go', line: /^(?:panic: |goroutine \d+ \[|created by )/ },
  { language: 'Go', line: /^[\w./-]{1,300}\.[\w.()*[\]…-]{1,200}\((?:0x[0-9a-f]|\.\.\.|\{0x|\))/ },
  { language: 'Ruby', line: /\.rb:\d{1,7}:in [`'"]/ },
  { language: 'Ruby', line: /^\s*from\s+\S{1,400}:\d{1,7}:in\s/ },
  { language: 'PHP', line: /^\s*#\d{1,4}\s+(?:\{main\}|\S{1,400}\(\d{1,7}\): |\[internal function\]: )/ },
  { language: 'PHP', line: /^(?:PHP )?(?:Fatal error|Parse error|Warning|Notice|Deprecated):\s.{0,600}\bon line \d+/ },
  { language: 'PHP', line: /\bUncaught (?:\w{1,60}\\){0,6}\w{1,60}(?:Exception|Error):/ },
  { language: 'Rust', line: /^\s*\d{1,4}:\s+(?:0x[0-9a-f]{4,16} - )?<?[\w$]{1,100}(?:::[\w$<>{}#]{1,200}){1,20}/ },
  { language: 'Rust', line: /^\s*at\s+\S{1,400}\.rs:\d/ },
  { language: 'Rust', line: /^\s*thread '[^']{0,100}'.{0,40} panicked at/ },
  { language: 'C++', line: /^\s*#\d{1,4}\s+(?:0x[0-9a-f]{4,16} in )?[\w:~<>,* ]{1,300}\s?\([^)]{0,300}\)\s(?:at|from)\s/ },
  { language: 'Swift', line: /^\d{1,4}\s+[\w.-]{1,100}\s+0x[0-9a-f]{6,16}\s/ },
]
const pythonFile = /^\s*File "[^"]{1,500}", line \d+/

/** The language of the stack trace that a line belongs to; null where it is none. */
export function readStackTrace(file: SourceText, line: LineSpan): Verdict | null {
  const text = file.text.slice(line.start, Math.min(line.end, line.start + maxLine))
  const tail = file.text.slice(Math.max(line.start, line.end - 80), line.end)
  for (const { language, line: pattern, tail: ending } of frames) {
    if (pattern?.test(text) !== false && ending?.test(tail) !== false) return verdict('stack-trace', { language })
  }
  // Under its frame Python shows the line of source.
  const above = file.line(line.index - 1)
  if (above !== null && /^\s{2,}\S/.test(text) && pythonFile.test(file.text.slice(above.start, Math.min(above.end, above.start + maxLine)))) return verdict('stack-trace', { language: 'Python' })
  return null
}
