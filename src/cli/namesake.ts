#!/usr/bin/env node
import { enableCompileCache } from 'node:module'
import path from 'node:path'

// Half of a short command is compiling. Beside the packages, not in a folder for everybody; where it cannot be written, nothing is kept.
enableCompileCache(path.join(import.meta.dirname, '../../node_modules/.cache/namesake'))
await import('./program.ts')
