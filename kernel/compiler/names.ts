/** Which names a piece of JavaScript declares, and where: what scoping needs to know of a syntax tree. */
import type {
  AnyNode,
  CatchClause,
  Function as FunctionNode,
  ModuleDeclaration,
  Pattern,
  Program,
  Statement,
  VariableDeclaration,
} from "acorn";

export type TopLevel = Statement | ModuleDeclaration;

/** The names of one scope. A name that no scope has belongs to the session, or is a global. */
export interface Scope {
  readonly names: ReadonlySet<string>;
  readonly parent: Scope | undefined;
}

export const isDeclaredIn = (scope: Scope | undefined, name: string): boolean => {
  for (let at = scope; at; at = at.parent) if (at.names.has(name)) return true;
  return false;
};

/** The names of a scope and of all that are around it. */
export function* allNames(scope: Scope | undefined): Generator<string> {
  for (let at = scope; at; at = at.parent) yield* at.names;
}

/** The child nodes of a node, in the order of the text. */
export function* childrenOf(node: AnyNode): Generator<AnyNode> {
  for (const value of Object.values(node)) {
    if (Array.isArray(value)) {
      for (const item of value) if (isNode(item)) yield item;
    } else if (isNode(value)) {
      yield value;
    }
  }
}

const isNode = (value: unknown): value is AnyNode =>
  typeof value === "object" && value !== null && typeof (value as { type?: unknown }).type === "string";

/** The names that a pattern binds: `{ a, b: [c], ...d }` binds a, c and d. */
export function* namesOf(pattern: Pattern | null): Generator<string> {
  switch (pattern?.type) {
    case "Identifier":
      yield pattern.name;
      break;
    case "ObjectPattern":
      for (const property of pattern.properties) {
        yield* namesOf(property.type === "RestElement" ? property.argument : property.value);
      }
      break;
    case "ArrayPattern":
      for (const element of pattern.elements) yield* namesOf(element);
      break;
    case "AssignmentPattern":
      yield* namesOf(pattern.left);
      break;
    case "RestElement":
      yield* namesOf(pattern.argument);
      break;
    default:
  }
}

export function* namesOfDeclaration(declaration: VariableDeclaration): Generator<string> {
  for (const { id } of declaration.declarations) yield* namesOf(id);
}

/** Names that `var` declares in these nodes, in blocks and loops too, but not in functions. */
export function* hoistedNames(nodes: Iterable<AnyNode>): Generator<string> {
  for (const node of nodes) {
    if (node.type === "VariableDeclaration" && node.kind === "var") yield* namesOfDeclaration(node);
    if (/Function|^Class|Expression$|^StaticBlock$/.test(node.type)) continue;
    yield* hoistedNames(childrenOf(node));
  }
}

/** Names that belong to a block: let, const, using, classes, and functions, as strict code has them. */
export function* blockNames(statements: Iterable<TopLevel>): Generator<string> {
  for (const statement of statements) {
    const declaration =
      statement.type === "ExportNamedDeclaration" || statement.type === "ExportDefaultDeclaration"
        ? statement.declaration
        : statement;
    if (declaration?.type === "VariableDeclaration") {
      if (declaration.kind !== "var") yield* namesOfDeclaration(declaration);
    } else if (declaration?.type === "FunctionDeclaration" || declaration?.type === "ClassDeclaration") {
      if (declaration.id) yield declaration.id.name;
    }
  }
}

/** All names that are local to a function: parameters, variables, and what its body declares. */
export function functionNames({ params, body }: FunctionNode): Set<string> {
  const names = new Set(params.flatMap((param) => [...namesOf(param)]));
  if (body.type !== "BlockStatement") return names;
  return new Set([...names, ...hoistedNames(body.body), ...blockNames(body.body)]);
}

/** The scope that a node makes for what is in it; undefined for a node that makes none. */
export function scopeNames(node: AnyNode): Set<string> | undefined {
  switch (node.type) {
    case "BlockStatement":
      return new Set(blockNames(node.body));
    case "StaticBlock":
      return new Set([...hoistedNames(node.body), ...blockNames(node.body)]);
    case "SwitchStatement":
      return new Set(blockNames(node.cases.flatMap(({ consequent }) => consequent)));
    case "ForStatement":
      return new Set(headNames(node.init));
    case "ForInStatement":
    case "ForOfStatement":
      return new Set(headNames(node.left));
    case "CatchClause":
      return new Set(namesOf((node as CatchClause).param ?? null));
    default:
      return undefined;
  }
}

function* headNames(head: AnyNode | null | undefined): Generator<string> {
  if (head?.type === "VariableDeclaration" && head.kind !== "var") yield* namesOfDeclaration(head);
}

/** All names that a module declares at its top level, imports included. */
export function moduleNames(program: Program): Set<string> {
  const names = new Set([...hoistedNames(program.body), ...blockNames(program.body)]);
  for (const statement of program.body) {
    if (statement.type !== "ImportDeclaration") continue;
    for (const { local } of statement.specifiers) names.add(local.name);
  }
  return names;
}
