import type { Command } from 'commander'

export interface Lesson {
  /** Command lines without `namesake`, and what each is for. */
  readonly examples?: readonly (readonly [line: string, purpose: string])[]
  /** What a person should know and the options do not say. */
  readonly notes?: string
  /** Absent: 0 done, 2 bad input or failure. */
  readonly exitCodes?: string
}

/** Ends the help of a command with notes, examples and exit codes. */
export function teach(command: Command, { examples = [], notes, exitCodes = '0 done, 2 bad input or failure.' }: Lesson): Command {
  const width = Math.max(0, ...examples.map(([line]) => line.length))
  const parts = [
    notes,
    examples.length === 0 ? undefined : ['Examples:', ...examples.map(([line, purpose]) => `  $ namesake ${line.padEnd(width)}   ${purpose}`)].join('\n'),
    `Exit codes: ${exitCodes}`,
  ]
  return command.addHelpText('after', `\n${parts.filter((part) => part !== undefined).join('\n\n')}`)
}
