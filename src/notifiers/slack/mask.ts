export { maskLine } from '../mask.ts'
