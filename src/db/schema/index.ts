export * from './findings.ts'
export * from './inventory.ts'
export * from './notices.ts'
export * from './runs.ts'
