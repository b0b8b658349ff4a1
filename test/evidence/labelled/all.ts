import { dotnet } from './dotnet.ts'
import { jvm } from './jvm.ts'
import { languages } from './languages.ts'
import { machines } from './machines.ts'
import { node } from './node.ts'
import { others } from './others.ts'
import { python } from './python.ts'
import type { Sample } from './sample.ts'
import { texts } from './texts.ts'

export const samples: readonly Sample[] = [...dotnet, ...jvm, ...languages, ...machines, ...node, ...others, ...python, ...texts]
