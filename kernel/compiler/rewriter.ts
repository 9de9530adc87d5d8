/**
 * Rewriting a piece of JavaScript: walks its syntax tree with the scopes and edits what free names become.
 *
 * What a free name becomes, and what declarations and statements at the top do, differ between a cell (rewrite-cell.ts) and a
 * module beside the notebook (rewrite-module.ts). Names of inner scopes stay as they are, and so does everything else: the text is
 * edited, not printed again.
 */
import {
  type AnyNode,
  type ArrowFunctionExpression,
  type CallExpression,
  type ClassExpression,
  type Expression,
  type FunctionExpression,
  type Function as FunctionNode,
  type Identifier,
  type Pattern,
  type Program,
  parse,
  type VariableDeclaration,
} from "acorn";
import { Edits, type Place } from "./edits.js";
import type { ImportRecord } from "./import-record.js";
import { childrenOf, functionNames, isDeclaredIn, namesOf, type Scope, scopeNames } from "./names.js";

export interface Rewritten {
  /** The text of a function expression. */
  readonly js: string;
  readonly isAsync: boolean;
  /** Whether something in it only an ES module may have: an import, an export, `import.meta`. */
  readonly isModule: boolean;
  readonly imports: readonly ImportRecord[];
  /** From a place in `js` to the place in the JavaScript that was given; undefined in the line that was put before it. */
  originalPlace(place: Place): Place | undefined;
}

/** What each cell and module has without declaring it, as in Node. */
export const MODULE_PARAMETERS = ["require", "module", "exports", "__filename", "__dirname"] as const;

/**
 * Names that no cell can declare, because V8 doesn't let a script do so either. All other globals have boxes, which lead to the global
 * until a cell declares the name; from then on functions of earlier cells see the cell's too.
 */
const FIXED: ReadonlySet<string> = new Set([
  ...["Infinity", "NaN", "arguments", "eval", "globalThis", "undefined"],
  ...MODULE_PARAMETERS,
]);

/** True for a name that has a box even while no cell has declared it. */
export const freeName = (name: string) => !FIXED.has(name);

/** Throws a SyntaxError with `pos`, an offset into `js`. */
export function parseJs(js: string): Program {
  return parse(js, { ecmaVersion: "latest", sourceType: "module", allowHashBang: true });
}

/** Something that can be written instead of a name in front of a call, where `a.b()` would pass `a` as `this`. */
const asCallee = (text: string) => (text.includes(".") || text.includes("[") ? `(0,${text})` : text);

type Anonymous = ArrowFunctionExpression | FunctionExpression | ClassExpression;

function isDirectEval({ callee, optional, arguments: [text] }: CallExpression): boolean {
  const isNamed = callee.type === "Identifier" && callee.name === "eval" && !optional;
  return isNamed && text !== undefined && text.type !== "SpreadElement";
}

function isAnonymous(node: AnyNode | null | undefined): node is Anonymous {
  if (node?.type === "ArrowFunctionExpression") return true;
  return (node?.type === "FunctionExpression" || node?.type === "ClassExpression") && !node.id;
}

function markFor(source: string): string {
  let mark = "µ";
  while (source.includes(mark)) mark += "_";
  return mark;
}

/** Walks a tree with its scopes and edits references to free names. */
export abstract class Rewriter {
  protected readonly edits: Edits;
  /** Begins every name that is put in; the text has no name that begins so. */
  protected readonly mark: string;
  protected isAsync = false;
  protected hasMeta = false;
  /** Functions around the node that is visited. */
  #depth = 0;

  constructor(
    protected readonly source: string,
    mark = markFor(source),
  ) {
    this.edits = new Edits(source);
    this.mark = mark;
  }

  /** The function that the text becomes: `head`, which is a line of its own, then the edited text. */
  protected wrapped(head: string): Pick<Rewritten, "js" | "originalPlace"> {
    const { text, originalPlace } = this.edits.apply();
    return {
      // A `#!` line is one only where a file begins.
      js: `${head}\n${text.replace(/^#!/, "//")}\n})`,
      originalPlace: ({ line, column }) =>
        line === 0 ? undefined : originalPlace({ line: line - 1, column }),
    };
  }

  /** What a free name becomes. */
  protected abstract replace(name: string): string | undefined;

  protected visitAll(nodes: Iterable<AnyNode>, scope: Scope | undefined): void {
    for (const node of nodes) this.visit(node, scope);
  }

  protected visit(node: AnyNode, scope: Scope | undefined): void {
    switch (node.type) {
      case "Identifier":
        this.#reference(node, scope, (text) => text);
        return;
      case "MemberExpression":
        this.visit(node.object, scope);
        if (node.computed) this.visit(node.property, scope);
        return;
      case "Property":
        if (node.computed) this.visit(node.key, scope);
        if (node.shorthand) this.#shorthand(node.value, scope);
        else this.visit(node.value, scope);
        return;
      case "CallExpression":
      case "TaggedTemplateExpression": {
        const callee = node.type === "CallExpression" ? node.callee : node.tag;
        if (callee.type === "Identifier") this.#reference(callee, scope, asCallee);
        else this.visit(callee, scope);
        if (node.type === "CallExpression" && isDirectEval(node) && !isDeclaredIn(scope, "eval"))
          this.directEval(node.arguments[0]!, scope);
        this.visitAll(node.type === "CallExpression" ? node.arguments : [node.quasi], scope);
        return;
      }
      case "UnaryExpression":
        if (node.operator === "typeof" && node.argument.type === "Identifier") {
          this.#reference(node.argument, scope, (text) => text.replace(/\.\$$/, ".$typeof"));
        } else this.visit(node.argument, scope);
        return;
      case "AssignmentExpression":
      case "AssignmentPattern":
        this.visit(node.left, scope);
        if (node.left.type === "Identifier" && this.#isFree(node.left.name, scope))
          this.named(node.right, node.left.name, scope);
        else this.visit(node.right, scope);
        return;
      case "ImportExpression":
        this.edits.replace(node.start, node.start + "import".length, `${this.mark}.import`);
        for (const child of childrenOf(node)) this.visit(child, scope);
        return;
      case "MetaProperty":
        if (node.meta.name !== "import") return;
        this.hasMeta = true;
        this.edits.replace(node.start, node.end, `${this.mark}.meta`);
        return;
      case "AwaitExpression":
        this.noteAwait();
        this.visit(node.argument, scope);
        return;
      case "VariableDeclaration":
        this.variables(node, scope);
        return;
      case "FunctionDeclaration":
      case "FunctionExpression":
      case "ArrowFunctionExpression":
        this.visitFunction(node, scope);
        return;
      case "ClassDeclaration":
      case "ClassExpression":
        this.visitClass(node, scope);
        return;
      case "PropertyDefinition":
        if (node.computed) this.visit(node.key, scope);
        if (node.value) this.#inFunction(node.value, scope);
        return;
      case "MethodDefinition":
        if (node.computed) this.visit(node.key, scope);
        this.visit(node.value, scope);
        return;
      case "StaticBlock":
        this.#depth++;
        this.visitAll(node.body, { names: scopeNames(node)!, parent: scope });
        this.#depth--;
        return;
      case "LabeledStatement":
        this.visit(node.body, scope);
        return;
      case "BreakStatement":
      case "ContinueStatement":
        return;
      case "ForOfStatement":
        if (node.await) this.noteAwait();
        break;
      case "CatchClause":
        if (node.param) this.pattern(node.param, { names: scopeNames(node)!, parent: scope });
        this.visit(node.body, { names: scopeNames(node)!, parent: scope });
        return;
      default:
    }
    const names = scopeNames(node);
    this.visitAll(childrenOf(node), names ? { names, parent: scope } : scope);
  }

  /** Called before the text of a direct `eval` is visited. */
  protected directEval(_text: AnyNode, _scope: Scope | undefined): void {}

  /** A declaration whose names are local: only what it computes can hold free names. */
  protected variables(node: VariableDeclaration, scope: Scope | undefined): void {
    if (node.kind === "await using") this.noteAwait();
    for (const { id, init } of node.declarations) {
      this.pattern(id, scope);
      if (init) this.visit(init, scope);
    }
  }

  /**
   * Visits the defaults and computed keys of a pattern, and passes each name that it binds to `bind`, which writes something else for
   * it. Without `bind` the names are local and stay.
   */
  protected pattern(pattern: Pattern, scope: Scope | undefined, bind?: (name: Identifier) => void): void {
    switch (pattern.type) {
      case "Identifier":
        bind?.(pattern);
        return;
      case "ObjectPattern":
        for (const property of pattern.properties) {
          if (property.type === "RestElement") {
            this.pattern(property.argument, scope, bind);
            continue;
          }
          if (property.computed) this.visit(property.key, scope);
          if (bind && property.shorthand) {
            const [name] = namesOf(property.value);
            this.edits.open(property.value.start, `${name}: `);
          }
          this.pattern(property.value, scope, bind);
        }
        return;
      case "ArrayPattern":
        for (const element of pattern.elements) if (element) this.pattern(element, scope, bind);
        return;
      case "AssignmentPattern":
        this.pattern(pattern.left, scope, bind);
        if (bind && pattern.left.type === "Identifier") this.named(pattern.right, pattern.left.name, scope);
        else this.visit(pattern.right, scope);
        return;
      case "RestElement":
        this.pattern(pattern.argument, scope, bind);
        return;
      default:
    }
  }

  protected visitFunction(node: FunctionNode, scope: Scope | undefined): void {
    const own = node.type === "FunctionExpression" && node.id ? new Set([node.id.name]) : new Set<string>();
    const inner: Scope = { names: functionNames(node), parent: { names: own, parent: scope } };
    this.#depth++;
    for (const param of node.params) this.pattern(param, inner);
    if (node.body.type === "BlockStatement") this.visitAll(node.body.body, inner);
    else this.visit(node.body, inner);
    this.#depth--;
  }

  protected visitClass(
    node: Pick<ClassExpression, "id" | "superClass" | "body">,
    scope: Scope | undefined,
  ): void {
    const inner: Scope = { names: new Set(node.id ? [node.id.name] : []), parent: scope };
    if (node.superClass) this.visit(node.superClass, inner);
    this.visitAll(node.body.body, inner);
  }

  protected noteAwait(): void {
    if (this.#depth === 0) this.isAsync = true;
  }

  /** Visits what is assigned to a name: assigned to a property instead, a function would lose the name that it gets from it. */
  protected named(value: Expression, name: string, scope: Scope | undefined): void {
    if (isAnonymous(value)) {
      const key = name === "__proto__" ? '["__proto__"]' : name;
      this.edits.open(value.start, `{${key}: `);
      this.visit(value, scope);
      this.edits.close(value.end, key === name ? `}.${name}` : `}${key}`);
    } else this.visit(value, scope);
  }

  #inFunction(node: AnyNode, scope: Scope | undefined): void {
    this.#depth++;
    this.visit(node, scope);
    this.#depth--;
  }

  #isFree(name: string, scope: Scope | undefined): boolean {
    return !isDeclaredIn(scope, name) && this.replace(name) !== undefined;
  }

  #reference(node: Identifier, scope: Scope | undefined, write: (text: string) => string): void {
    if (isDeclaredIn(scope, node.name)) return;
    const text = this.replace(node.name);
    if (text !== undefined) this.edits.replace(node.start, node.end, write(text));
  }

  /** `{ a }` and, in a pattern, `{ a = 1 }`. */
  #shorthand(value: AnyNode, scope: Scope | undefined): void {
    const name = value.type === "AssignmentPattern" ? value.left : value;
    if (name.type === "Identifier" && this.#isFree(name.name, scope))
      this.edits.open(name.start, `${name.name}: `);
    this.visit(value, scope);
  }
}
