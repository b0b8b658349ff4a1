import { readFileSync } from 'node:fs'
import path from 'node:path'
import { Validator } from '@seriousme/openapi-schema-validator'
import { expect, test } from 'vitest'
import { routes } from '../../src/api/contract.ts'
import { openApi } from '../../src/api/openapi.ts'

const described = openApi()

test('docs/openapi.json is what the contract makes; else run npm run openapi', () => {
  const written: unknown = JSON.parse(readFileSync(path.join(import.meta.dirname, '../../docs/openapi.json'), 'utf8'))
  expect(written).toEqual(JSON.parse(JSON.stringify(described)))
})

test('it is OpenAPI 3.1, by the schema that the standard publishes', async () => {
  const result = await new Validator().validate(structuredClone(described))
  expect([result.valid, result.errors]).toEqual([true, undefined])
})

test('every route of the contract is in it, under an id of its own', () => {
  const operations = Object.entries(described['paths'] as Record<string, Record<string, { operationId: string }>>)
    .flatMap(([route, methods]) => Object.entries(methods).map(([method, { operationId }]) => [`${method.toUpperCase()} ${route}`, operationId] as const))
  expect(operations.map(([name]) => name).sort()).toEqual(Object.keys(routes).sort())
  expect(new Set(operations.map(([, id]) => id)).size).toBe(operations.length)
})

test('braces of a path are parameters of its row, and the other way round', () => {
  const wrong = Object.entries(routes).filter(([name, row]) => {
    const braces = [...name.matchAll(/\{(?<key>\w+)\}/g)].map((match) => match.groups?.['key'])
    const params = 'params' in row ? Object.keys(row.params.shape) : []
    return JSON.stringify(braces.sort()) !== JSON.stringify(params.sort())
  })
  expect(wrong.map(([name]) => name)).toEqual([])
})
