/**
 * Writes WebAssembly modules: just the instructions that the filter in scan.ts needs, under their names in the
 * specification (https://webassembly.github.io/spec/core/binary/instructions.html). An expression is a list of bytes that
 * leaves a value of its type on the stack; TypeScript checks the types. Nothing is parsed, so there is nothing to build.
 */
export type ValueType = 'i32' | 'i64' | 'v128'

/** Instructions that leave a value, or none. */
export interface Code<Type extends ValueType | 'nothing'> {
  readonly type: Type
  readonly bytes: readonly number[]
}

export type Statement = Code<'nothing'>

export interface Local<Type extends ValueType> extends Code<Type> {
  readonly index: number
}

export interface WasmFunction {
  readonly name: string
  readonly parameters: readonly Local<ValueType>[]
  readonly locals: readonly Local<ValueType>[]
  readonly body: readonly Statement[]
}

const typeByte: Readonly<Record<ValueType, number>> = { i32: 0x7f, i64: 0x7e, v128: 0x7b }
const noResult = 0x40
const vectorOperation = 0xfd

function code<Type extends ValueType | 'nothing'>(type: Type, ...parts: readonly (number | readonly number[])[]): Code<Type> {
  return { type, bytes: parts.flat() }
}

function unary<From extends ValueType, To extends ValueType>(_from: From, to: To, ...opcode: number[]) {
  return (value: Code<From>): Code<To> => code(to, value.bytes, opcode)
}

function binary<From extends ValueType, To extends ValueType, Second extends ValueType = From>(_from: From, to: To, ...opcode: number[]) {
  return (one: Code<From>, other: Code<Second>): Code<To> => code(to, one.bytes, other.bytes, opcode)
}

function load<Type extends ValueType>(type: Type, ...opcode: number[]) {
  /** `offset` is added to the address and never negative. No alignment is promised. */
  return (address: Code<'i32'>, offset = 0): Code<Type> => code(type, address.bytes, opcode, 0, unsigned(offset))
}

function store<Type extends ValueType>(_type: Type, ...opcode: number[]) {
  return (address: Code<'i32'>, value: Code<Type>, offset = 0): Statement => code('nothing', address.bytes, value.bytes, opcode, 0, unsigned(offset))
}

export const i32 = {
  const: (value: number): Code<'i32'> => code('i32', 0x41, signed(BigInt(value))),
  load: load('i32', 0x28),
  load8: load('i32', 0x2d),
  store: store('i32', 0x36),
  eq: binary('i32', 'i32', 0x46),
  ne: binary('i32', 'i32', 0x47),
  lessUnsigned: binary('i32', 'i32', 0x49),
  add: binary('i32', 'i32', 0x6a),
  sub: binary('i32', 'i32', 0x6b),
  mul: binary('i32', 'i32', 0x6c),
  and: binary('i32', 'i32', 0x71),
  or: binary('i32', 'i32', 0x72),
  xor: binary('i32', 'i32', 0x73),
  shl: binary('i32', 'i32', 0x74),
  shrUnsigned: binary('i32', 'i32', 0x76),
  fromI64: unary('i64', 'i32', 0xa7),
}

export const i64 = {
  const: (value: bigint): Code<'i64'> => code('i64', 0x42, signed(value)),
  load: load('i64', 0x29),
  store: store('i64', 0x37),
  isZero: unary('i64', 'i32', 0x50),
  trailingZeros: unary('i64', 'i64', 0x7a),
  ones: unary('i64', 'i64', 0x7b),
  sub: binary('i64', 'i64', 0x7d),
  and: binary('i64', 'i64', 0x83),
  or: binary('i64', 'i64', 0x84),
  xor: binary('i64', 'i64', 0x85),
  shl: binary('i64', 'i64', 0x86),
  shrSigned: binary('i64', 'i64', 0x87),
  shrUnsigned: binary('i64', 'i64', 0x88),
  fromI32: unary('i32', 'i64', 0xad),
}

export const v128 = {
  load: load('v128', vectorOperation, 0x00),
  and: binary('v128', 'v128', vectorOperation, 0x4e),
  or: binary('v128', 'v128', vectorOperation, 0x50),
}

export const i8x16 = {
  splat: unary('i32', 'v128', vectorOperation, 0x0f),
  swizzle: binary('v128', 'v128', vectorOperation, 0x0e),
  eq: binary('v128', 'v128', vectorOperation, 0x23),
  bitmask: unary('v128', 'i32', vectorOperation, 0x64),
  shrUnsigned: binary<'v128', 'v128', 'i32'>('v128', 'v128', vectorOperation, 0x6d),
  add: binary('v128', 'v128', vectorOperation, 0x6e),
}

export function set<Type extends ValueType>(local: Local<Type>, value: Code<Type>): Statement {
  return code('nothing', value.bytes, 0x21, unsigned(local.index))
}

/** Runs the body as long as the condition holds. */
export function loopWhile(condition: Code<'i32'>, body: readonly Statement[]): Statement {
  const [block, loop, isZero, branch, branchIf, end] = [0x02, 0x03, 0x45, 0x0c, 0x0d, 0x0b]
  return code('nothing', block, noResult, loop, noResult, condition.bytes, isZero, branchIf, 1, join(body), branch, 0, end, end)
}

/** A function without result. Parameters and locals are declared before the body is written. */
export function defineFunction(name: string, write: (declare: Declare) => readonly Statement[]): WasmFunction {
  const parameters: Local<ValueType>[] = []
  const locals: Local<ValueType>[] = []
  function add<Type extends ValueType>(list: Local<ValueType>[], type: Type): Local<Type> {
    const index = parameters.length + locals.length
    const local = { ...code(type, 0x20, unsigned(index)), index }
    list.push(local)
    return local
  }
  const body = write({ parameter: (type) => add(parameters, type), local: (type) => add(locals, type) })
  return { name, parameters, locals, body }
}

/** All parameters come before the first local. */
export interface Declare {
  parameter<Type extends ValueType>(type: Type): Local<Type>
  local<Type extends ValueType>(type: Type): Local<Type>
}

/** The bytes of a module that exports the functions and imports `environment.memory`. */
export function writeModule(functions: readonly WasmFunction[]): Uint8Array<ArrayBuffer> {
  const [functionType, functionKind, memoryKind, end] = [0x60, 0x00, 0x02, 0x0b]
  const typeOf = ({ parameters }: WasmFunction): number[] => [functionType, ...list(parameters.map(({ type }) => [typeByte[type]])), 0]
  const bodyOf = ({ locals, body }: WasmFunction): number[] =>
    sized([...list(locals.map(({ type }) => [1, typeByte[type]])), ...join(body), end])
  return Uint8Array.from([
    0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
    ...section(1, list(functions.map(typeOf))),
    ...section(2, list([[...text('environment'), ...text('memory'), memoryKind, 0, 1]])),
    ...section(3, list(functions.map((_, index) => unsigned(index)))),
    ...section(7, list(functions.map(({ name }, index) => [...text(name), functionKind, ...unsigned(index)]))),
    ...section(10, list(functions.map(bodyOf))),
  ])
}

const section = (id: number, content: readonly number[]): number[] => [id, ...sized(content)]
const list = (items: readonly (readonly number[])[]): number[] => [...unsigned(items.length), ...items.flat()]
const sized = (content: readonly number[]): number[] => [...unsigned(content.length), ...content]
const text = (value: string): number[] => sized([...Buffer.from(value)])
const join = (statements: readonly Statement[]): number[] => statements.flatMap(({ bytes }) => bytes)

/** LEB128, of a whole number that is not negative. */
function unsigned(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80)
  return [...bytes, rest]
}

/** LEB128 in two's complement. */
function signed(value: bigint): number[] {
  const bytes: number[] = []
  for (let rest = value; ; rest >>= 7n) {
    const low = Number(rest & 0x7fn)
    const isLast = (rest >> 7n) === ((low & 0x40) === 0 ? 0n : -1n)
    bytes.push(isLast ? low : low | 0x80)
    if (isLast) return bytes
  }
}

/** As much of the interface as is used here; it belongs to the language's environment, not to the library of ES2024. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Memory: new (size: { initial: number }) => { readonly buffer: ArrayBuffer }
  readonly Instance: new (module: object, imports: object) => { readonly exports: object }
}

const pageLength = 65_536

export function compileModule(bytes: Uint8Array): object {
  return new WebAssembly.Module(bytes)
}

/** An instance with a memory of its own, of at least so many bytes, all zero. `Functions` are what the module exports. */
export function createInstance<Functions extends object>(module: object, bytes: number): { memory: Uint8Array<ArrayBuffer>; functions: Functions } {
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / pageLength) })
  const { exports } = new WebAssembly.Instance(module, { environment: { memory } })
  // The module was written by `writeModule` from functions of these names and parameters.
  return { memory: new Uint8Array(memory.buffer), functions: exports as Functions }
}
