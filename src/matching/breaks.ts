import { classOf } from './byte-classes.ts'

/** Bytes that begin what breaks a name without being seen, and bytes that may follow them. None yet. */
export const breakFirst: Uint8Array = classOf(() => false)
export const breakSecond: Uint8Array = classOf(() => false)
