import {
  getNamedType, GraphQLError, isAbstractType, isInterfaceType, isObjectType, Kind,
  type DocumentNode, type FieldNode, type FragmentDefinitionNode, type GraphQLNamedType, type GraphQLSchema, type SelectionSetNode,
  type ValueNode,
} from 'graphql'

export interface Cost {
  /** Points: requests for unique connections divided by 100, rounded, at least 1. */
  readonly points: number
  /** Nodes that the query may return through its connections. */
  readonly nodes: number
  /** Connections that the server refuses although the schema accepts them. */
  readonly faults: readonly GraphQLError[]
}

const mostNodes = 500_000

type Variables = Readonly<Record<string, unknown>>

function valueOf(node: ValueNode | undefined, variables: Variables): unknown {
  if (node === undefined) return undefined
  if (node.kind === Kind.VARIABLE) return variables[node.name.value]
  if (node.kind === Kind.INT) return Number(node.value)
  if (node.kind === Kind.LIST) return node.values.map((value) => valueOf(value, variables))
  return undefined
}

function argument(field: FieldNode, name: string, variables: Variables): unknown {
  return valueOf(field.arguments?.find((one) => one.name.value === name)?.value, variables)
}

function fault(field: FieldNode, type: string, message: string, path: readonly string[]): GraphQLError {
  return new GraphQLError(message, { nodes: [field], extensions: { type, path: ['query', ...path] } })
}

/** How many a connection is asked for, or why it is refused. */
function pageSize(field: FieldNode, variables: Variables, path: readonly string[]): number | GraphQLError {
  const name = field.name.value
  for (const bound of ['first', 'last']) {
    const size = argument(field, bound, variables)
    if (typeof size !== 'number') continue
    if (size > 100) return fault(field, 'EXCESSIVE_PAGINATION', `Requesting ${size} records on the \`${name}\` connection exceeds the \`${bound}\` limit of 100 records.`, path)
    if (size < 1) return fault(field, 'INVALID_PAGINATION_BOUNDARIES', `\`${bound}\` on the \`${name}\` connection cannot be less than 1.`, path)
    return size
  }
  return fault(field, 'MISSING_PAGINATION_BOUNDARIES', `You must provide a \`first\` or \`last\` value to properly paginate the \`${name}\` connection.`, path)
}

/**
 * GitHub's arithmetic: each connection counts once for every parent it may have, parents multiply by their page size.
 * `document` is valid against `schema` already.
 */
export function measureCost(schema: GraphQLSchema, document: DocumentNode, variables: Variables): Cost {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition)
  }
  const faults: GraphQLError[] = []
  let requests = 0
  let nodes = 0

  function walkField(field: FieldNode, parent: GraphQLNamedType, parents: number, path: readonly string[]): void {
    const definition = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[field.name.value] : undefined
    if (definition === undefined) return
    const type = getNamedType(definition.type)
    const here = [...path, field.alias?.value ?? field.name.value]
    let children = parents
    if (type.name.endsWith('Connection')) {
      const size = pageSize(field, variables, here)
      if (typeof size !== 'number') {
        faults.push(size)
        return
      }
      requests += parents
      nodes += parents * size
      children = parents * size
    } else if (parent === schema.getQueryType() && field.name.value === 'nodes') {
      const ids = argument(field, 'ids', variables)
      const count = Array.isArray(ids) ? ids.length : 0
      if (count > 100) faults.push(fault(field, 'ARGUMENT_LIMIT', `You may not provide more than 100 node ids; you provided ${count}.`, here))
      nodes += count
      children = parents * count
    }
    if (field.selectionSet !== undefined) walk(field.selectionSet, type, children, here)
  }

  function walk(selections: SelectionSetNode, parent: GraphQLNamedType, parents: number, path: readonly string[]): void {
    for (const selection of selections.selections) {
      if (selection.kind === Kind.FIELD) {
        walkField(selection, parent, parents, path)
        continue
      }
      const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection
      if (fragment === undefined) continue
      const condition = fragment.typeCondition === undefined ? parent : schema.getType(fragment.typeCondition.name.value)
      if (condition !== undefined && (isObjectType(condition) || isAbstractType(condition))) walk(fragment.selectionSet, condition, parents, path)
    }
  }

  for (const definition of document.definitions) {
    const root = definition.kind === Kind.OPERATION_DEFINITION ? schema.getRootType(definition.operation) : undefined
    if (definition.kind === Kind.OPERATION_DEFINITION && root !== undefined && root !== null) walk(definition.selectionSet, root, 1, [])
  }
  if (nodes > mostNodes) {
    const message = `This query requests up to ${nodes.toLocaleString('en')} possible nodes which exceeds the maximum limit of 500,000.`
    faults.push(new GraphQLError(message, { extensions: { type: 'MAX_NODE_LIMIT_EXCEEDED' } }))
  }
  return { points: Math.max(1, Math.round(requests / 100)), nodes, faults }
}
