/**
 * What a cell's JavaScript, and that of a module beside the notebook, becomes so that it can run.
 *
 * A cell: each name of the session becomes a property of its box (session.ts). `const step = (x) => x * lr` runs as
 * `step.$const = (x) => x * lr.$`, where the boxes are parameters of the function that the cell becomes. Names of inner scopes stay
 * as they are, and so does everything else: the text is edited, not printed again.
 *
 * A module: each imported name becomes a property of the namespace that it comes from, and exports become getters, so that both are
 * live as in Node's own modules. It is a generator that yields once, when functions can be called but nothing has run; modules that
 * import each other rely on that.
 */
import {
  type AnyNode,
  type ArrowFunctionExpression,
  type ClassDeclaration,
  type ClassExpression,
  type Expression,
  type FunctionDeclaration,
  type FunctionExpression,
  type Function as FunctionNode,
  type Identifier,
  type ImportDeclaration,
  type Literal,
  type Pattern,
  type Program,
  parse,
  type VariableDeclaration,
} from "acorn";
import type { DeclarationKind } from "../session.js";
import { Edits, type Place } from "./edits.js";
import {
  blockNames,
  childrenOf,
  functionNames,
  hoistedNames,
  isDeclaredIn,
  moduleNames,
  namesOf,
  namesOfDeclaration,
  type Scope,
  scopeNames,
  type TopLevel,
} from "./names.js";

/** One import of a cell or a module. */
export interface ImportRecord {
  readonly source: string;
  /** `with { type: "json" }` */
  readonly attributes: Readonly<Record<string, string>>;
  /** Local names and what they are: an export's name, or undefined for the whole namespace. */
  readonly names: readonly { readonly local: string; readonly imported: string | undefined }[];
}

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

export interface RewrittenCell extends Rewritten {
  /** Names whose boxes are the function's last parameters, in this order. */
  readonly boxes: readonly string[];
  /** What the cell declares in the session. */
  readonly declared: ReadonlyMap<string, DeclarationKind>;
}

/** What each cell and module has without declaring it, as in Node. */
export const MODULE_PARAMETERS = ["require", "module", "exports", "__filename", "__dirname"] as const;

/** Throws a SyntaxError with `pos`, an offset into `js`. */
export function parseJs(js: string): Program {
  return parse(js, { ecmaVersion: "latest", sourceType: "module", allowHashBang: true });
}

/** Something that can be written instead of a name in front of a call, where `a.b()` would pass `a` as `this`. */
const asCallee = (text: string) => (text.includes(".") || text.includes("[") ? `(0,${text})` : text);

type Anonymous = ArrowFunctionExpression | FunctionExpression | ClassExpression;

function isAnonymous(node: AnyNode | null | undefined): node is Anonymous {
  if (node?.type === "ArrowFunctionExpression") return true;
  return (node?.type === "FunctionExpression" || node?.type === "ClassExpression") && !node.id;
}

/** Walks a tree with its scopes and edits references to free names. */
abstract class Rewriter {
  protected readonly edits: Edits;
  /** Begins every name that is put in; the text has no name that begins so. */
  protected readonly mark: string;
  protected isAsync = false;
  protected hasMeta = false;
  /** Functions around the node that is visited. */
  #depth = 0;

  constructor(protected readonly source: string) {
    this.edits = new Edits(source);
    let mark = "µ";
    while (source.includes(mark)) mark += "_";
    this.mark = mark;
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
        this.visitAll(node.type === "CallExpression" ? node.arguments : [node.quasi], scope);
        return;
      }
      case "UnaryExpression":
        if (node.operator === "typeof" && node.argument.type === "Identifier") {
          this.#reference(node.argument, scope, (text) => text.replace(/\.\$$/, ".$typeof"));
        } else this.visit(node.argument, scope);
        return;
      case "AssignmentExpression":
        this.visit(node.left, scope);
        if (node.left.type === "Identifier" && this.#isFree(node.left.name, scope))
          this.named(node.right, node.left.name, scope);
        else this.visit(node.right, scope);
        return;
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
        if (node.param) this.binding(node.param, { names: scopeNames(node)!, parent: scope });
        this.visit(node.body, { names: scopeNames(node)!, parent: scope });
        return;
      default:
    }
    const names = scopeNames(node);
    this.visitAll(childrenOf(node), names ? { names, parent: scope } : scope);
  }

  /** A declaration whose names are local: only what it computes can hold free names. */
  protected variables(node: VariableDeclaration, scope: Scope | undefined): void {
    if (node.kind === "await using") this.noteAwait();
    for (const { id, init } of node.declarations) {
      this.binding(id, scope);
      if (init) this.visit(init, scope);
    }
  }

  /** The defaults and computed keys of a pattern that binds local names. */
  protected binding(pattern: Pattern, scope: Scope | undefined): void {
    switch (pattern.type) {
      case "ObjectPattern":
        for (const property of pattern.properties) {
          if (property.type === "RestElement") this.binding(property.argument, scope);
          else {
            if (property.computed) this.visit(property.key, scope);
            this.binding(property.value, scope);
          }
        }
        return;
      case "ArrayPattern":
        for (const element of pattern.elements) if (element) this.binding(element, scope);
        return;
      case "AssignmentPattern":
        this.binding(pattern.left, scope);
        this.visit(pattern.right, scope);
        return;
      case "RestElement":
        this.binding(pattern.argument, scope);
        return;
      default:
    }
  }

  protected visitFunction(node: FunctionNode, scope: Scope | undefined): void {
    const own = node.type === "FunctionExpression" && node.id ? new Set([node.id.name]) : new Set<string>();
    const inner: Scope = { names: functionNames(node), parent: { names: own, parent: scope } };
    this.#depth++;
    for (const param of node.params) this.binding(param, inner);
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

const importedName = (node: Identifier | Literal): string =>
  node.type === "Identifier" ? node.name : String(node.value);

function recordOf(node: ImportDeclaration): ImportRecord {
  const names = node.specifiers.map((specifier) => {
    const local = specifier.local.name;
    if (specifier.type === "ImportNamespaceSpecifier") return { local, imported: undefined };
    const imported =
      specifier.type === "ImportDefaultSpecifier" ? "default" : importedName(specifier.imported);
    return { local, imported };
  });
  return { source: String(node.source.value), attributes: attributesOf(node), names };
}

function attributesOf({ attributes }: Pick<ImportDeclaration, "attributes">): Record<string, string> {
  return Object.fromEntries(
    (attributes ?? []).map(({ key, value }) => [importedName(key), String(value.value)]),
  );
}

const SETTER = { let: "$let", const: "$const", var: "$", using: "$const", "await using": "$const" } as const;

class CellRewriter extends Rewriter {
  readonly #declared = new Map<string, DeclarationKind>();
  readonly #boxes = new Set<string>();
  readonly #imports: ImportRecord[] = [];
  readonly #hoisted: string[] = [];
  readonly #root: Scope;
  /** Declarations in the heads of for-in and for-of loops. */
  readonly #loopHeads = new Set<AnyNode>();
  #usings = 0;

  constructor(
    js: string,
    private readonly program: Program,
    /** True for a name that a tool put into the cell: it is not the user's variable. */
    private readonly isGenerated: (name: string) => boolean,
    private readonly isSessionName: (name: string) => boolean,
  ) {
    super(js);
    const generated = [...hoistedNames(program.body), ...blockNames(program.body)].filter(isGenerated);
    this.#root = { names: new Set(generated), parent: undefined };
  }

  rewrite(): RewrittenCell {
    this.#declare();
    const { body } = this.program;
    const last = body.findLast(({ type }) => type !== "EmptyStatement");
    for (const statement of body) this.#topLevel(statement, statement === last);
    const { mark } = this;
    const hoisted = this.#hoisted.map((name) => `${this.#box(name)}.$let=${name};`).join("");
    const boxes = [...this.#boxes];
    const parameters = [mark, ...MODULE_PARAMETERS, ...boxes.map((name) => mark + name)].join(",");
    const { text, originalPlace } = this.edits.apply();
    const head = `(${this.isAsync ? "async " : ""}function(${parameters}){"use strict";${hoisted}\n`;
    return {
      js: `${head}${text}\n})`,
      isAsync: this.isAsync,
      isModule: true,
      imports: this.#imports,
      boxes,
      declared: this.#declared,
      originalPlace: ({ line, column }) =>
        line === 0 ? undefined : originalPlace({ line: line - 1, column }),
    };
  }

  protected override replace(name: string): string | undefined {
    const isOurs = this.#declared.has(name) || this.isSessionName(name);
    if (!isOurs && (name in globalThis || name === "arguments" || isModuleParameter(name))) return undefined;
    return `${this.#box(name)}.$`;
  }

  #box(name: string): string {
    this.#boxes.add(name);
    return this.mark + name;
  }

  /** Notes what the cell declares, before anything is rewritten: functions refer to what comes later. */
  #declare(): void {
    const add = (names: Iterable<string>, kind: DeclarationKind) => {
      for (const name of names) if (!this.isGenerated(name)) this.#declared.set(name, kind);
    };
    add(hoistedNames(this.program.body), "var");
    for (const statement of this.program.body) {
      if (statement.type === "ImportDeclaration") {
        add(
          statement.specifiers.map(({ local }) => local.name),
          "import",
        );
        continue;
      }
      const declaration =
        statement.type === "ExportNamedDeclaration" || statement.type === "ExportDefaultDeclaration"
          ? statement.declaration
          : statement;
      if (declaration?.type === "VariableDeclaration" && declaration.kind !== "var") {
        add(namesOfDeclaration(declaration), declaration.kind === "let" ? "let" : "const");
      } else if (declaration?.type === "FunctionDeclaration" && declaration.id) {
        add([declaration.id.name], "function");
      } else if (declaration?.type === "ClassDeclaration" && declaration.id) {
        add([declaration.id.name], "class");
      }
    }
  }

  #topLevel(statement: TopLevel, isLast: boolean): void {
    const { edits } = this;
    switch (statement.type) {
      case "ImportDeclaration": {
        const record = recordOf(statement);
        this.#imports.push(record);
        for (const { local } of record.names) this.#box(local);
        edits.replace(statement.start, statement.end, ";");
        return;
      }
      case "ExportAllDeclaration":
        this.#importOnly(statement);
        return;
      case "ExportNamedDeclaration":
        if (statement.declaration) {
          edits.replace(statement.start, statement.declaration.start, "");
          this.#topLevel(statement.declaration, false);
        } else this.#importOnly(statement);
        return;
      case "ExportDefaultDeclaration": {
        const { declaration } = statement;
        edits.replace(statement.start, declaration.start, "");
        const isDeclared = /Declaration$/.test(declaration.type) && (declaration as { id?: unknown }).id;
        if (isDeclared) this.#topLevel(declaration as FunctionDeclaration | ClassDeclaration, false);
        else {
          edits.open(declaration.start, isLast ? `${this.mark}.value = (` : "(");
          this.visit(declaration, this.#root);
          edits.close(declaration.end, ");");
        }
        return;
      }
      case "FunctionDeclaration":
        // The declaration stays, for what it hoists; all references to it go to the box.
        if (!this.isGenerated(statement.id.name)) this.#hoisted.push(statement.id.name);
        this.visitFunction(statement, this.#root);
        return;
      case "ClassDeclaration":
        if (!this.isGenerated(statement.id.name)) {
          edits.open(statement.start, `${this.#box(statement.id.name)}.$let = `);
          this.visitClass(statement, this.#root);
          edits.close(statement.end, ";");
        } else this.visitClass(statement, this.#root);
        return;
      case "ExpressionStatement":
        if (isLast) {
          edits.open(statement.expression.start, `${this.mark}.value = (`);
          this.visit(statement.expression, this.#root);
          edits.close(statement.expression.end, ")");
        } else this.visit(statement, this.#root);
        return;
      case "VariableDeclaration":
        if (statement.kind === "var") this.visit(statement, this.#root);
        else this.#session(statement, this.#root);
        return;
      default:
        this.visit(statement, this.#root);
    }
  }

  #importOnly(statement: AnyNode & { readonly source?: Literal | null }): void {
    const { source } = statement;
    const { attributes } = statement as unknown as Pick<ImportDeclaration, "attributes">;
    if (source)
      this.#imports.push({
        source: String(source.value),
        attributes: attributesOf({ attributes }),
        names: [],
      });
    this.edits.replace(statement.start, statement.end, ";");
  }

  /** `var` of the session, wherever it is; everything else that comes here is local. */
  protected override variables(node: VariableDeclaration, scope: Scope | undefined): void {
    const isSession =
      node.kind === "var" &&
      [...namesOfDeclaration(node)].every((name) => !isDeclaredIn(scope, name) && this.#declared.has(name));
    if (isSession) this.#session(node, scope);
    else super.variables(node, scope);
  }

  /** A declaration becomes assignments to boxes. */
  #session(node: VariableDeclaration, scope: Scope | undefined): void {
    const { edits } = this;
    const { kind, declarations } = node;
    if ([...namesOfDeclaration(node)].some((name) => this.#root.names.has(name))) {
      super.variables(node, scope);
      return;
    }
    const isUsing = kind === "using" || kind === "await using";
    if (kind === "await using") this.noteAwait();
    if (!isUsing) edits.replace(node.start, declarations[0]!.start, "");
    for (const { id, init, start, end } of declarations) {
      const isPattern = id.type !== "Identifier";
      // Where a using declaration holds its value, so that it is disposed of when the cell ends.
      if (isUsing) edits.open(start, `${this.mark}$${this.#usings++} = (`);
      else if (isPattern && init) edits.open(start, "(");
      if (!isPattern && !init && kind === "var") {
        // In a loop's head the loop assigns; elsewhere `var a` does nothing.
        edits.replace(id.start, id.end, this.#loopHeads.has(node) ? `${this.#box(id.name)}.$` : "0");
        continue;
      }
      this.#target(id, SETTER[kind], scope);
      if (init && id.type === "Identifier") this.named(init, id.name, scope);
      else if (init) this.visit(init, scope);
      else if (!isPattern) edits.close(end, " = undefined");
      if (isUsing || (isPattern && init)) edits.close(end, ")");
    }
  }

  protected override visit(node: AnyNode, scope: Scope | undefined): void {
    if (node.type === "ForInStatement" || node.type === "ForOfStatement") this.#loopHeads.add(node.left);
    super.visit(node, scope);
  }

  /** A pattern whose names become boxes. */
  #target(pattern: Pattern, setter: string, scope: Scope | undefined): void {
    switch (pattern.type) {
      case "Identifier":
        this.edits.replace(pattern.start, pattern.end, `${this.#box(pattern.name)}.${setter}`);
        return;
      case "ObjectPattern":
        for (const property of pattern.properties) {
          if (property.type === "RestElement") this.#target(property.argument, setter, scope);
          else {
            if (property.computed) this.visit(property.key, scope);
            if (property.shorthand) {
              const [name] = namesOf(property.value);
              this.edits.open(property.value.start, `${name}: `);
            }
            this.#target(property.value, setter, scope);
          }
        }
        return;
      case "ArrayPattern":
        for (const element of pattern.elements) if (element) this.#target(element, setter, scope);
        return;
      case "AssignmentPattern":
        this.#target(pattern.left, setter, scope);
        if (pattern.left.type === "Identifier") this.named(pattern.right, pattern.left.name, scope);
        else this.visit(pattern.right, scope);
        return;
      case "RestElement":
        this.#target(pattern.argument, setter, scope);
        return;
      default:
    }
  }
}

const isModuleParameter = (name: string) => (MODULE_PARAMETERS as readonly string[]).includes(name);

export interface CellNames {
  isGenerated(name: string): boolean;
  isSessionName(name: string): boolean;
}

/** Throws a SyntaxError with `pos`, an offset into `js`, where acorn cannot read it. */
export function rewriteCell(js: string, { isGenerated, isSessionName }: CellNames): RewrittenCell {
  return new CellRewriter(js, parseJs(js), isGenerated, isSessionName).rewrite();
}

class ModuleRewriter extends Rewriter {
  readonly #imports: ImportRecord[] = [];
  /** How each imported name is written. */
  readonly #bindings = new Map<string, string>();
  /** Exported names and their expressions. */
  readonly #exports = new Map<string, string>();
  readonly #stars: string[] = [];
  readonly #root: Scope;

  constructor(
    js: string,
    private readonly program: Program,
  ) {
    super(js);
    for (const statement of program.body) if (statement.type === "ImportDeclaration") this.#import(statement);
    const names = moduleNames(program);
    for (const name of this.#bindings.keys()) names.delete(name);
    this.#root = { names, parent: undefined };
  }

  rewrite(): Rewritten {
    for (const statement of this.program.body) this.#topLevel(statement);
    const { mark } = this;
    const namespaces = this.#imports.map((_, i) => `${mark}${i}`);
    const parameters = [mark, ...MODULE_PARAMETERS, ...namespaces].join(",");
    const getters = [...this.#exports].map(([name, value]) => `${JSON.stringify(name)}:()=>${value}`);
    const head = `(${this.isAsync ? "async " : ""}function*(${parameters}){"use strict";${mark}.export({${getters.join(",")}},[${this.#stars.join(",")}]);yield;\n`;
    const { text, originalPlace } = this.edits.apply();
    return {
      js: `${head}${text}\n})`,
      isAsync: this.isAsync,
      isModule: this.hasMeta || this.program.body.some(({ type }) => /^(Import|Export)/.test(type)),
      imports: this.#imports,
      originalPlace: ({ line, column }) =>
        line === 0 ? undefined : originalPlace({ line: line - 1, column }),
    };
  }

  protected override replace(name: string): string | undefined {
    return this.#bindings.get(name);
  }

  #add(record: ImportRecord): string {
    this.#imports.push(record);
    return `${this.mark}${this.#imports.length - 1}`;
  }

  #import(statement: ImportDeclaration): void {
    const record = recordOf(statement);
    const namespace = this.#add(record);
    for (const { local, imported } of record.names)
      this.#bindings.set(local, imported === undefined ? namespace : member(namespace, imported));
    this.edits.replace(statement.start, statement.end, ";");
  }

  #topLevel(statement: TopLevel): void {
    const { edits, mark } = this;
    switch (statement.type) {
      case "ImportDeclaration":
        return;
      case "ExportAllDeclaration": {
        const record = {
          source: String(statement.source.value),
          attributes: attributesOf(statement),
          names: [],
        };
        const namespace = this.#add(record);
        if (statement.exported) this.#exports.set(importedName(statement.exported), namespace);
        else this.#stars.push(namespace);
        edits.replace(statement.start, statement.end, ";");
        return;
      }
      case "ExportNamedDeclaration": {
        const { declaration, source, specifiers } = statement;
        if (declaration) {
          const names =
            declaration.type === "VariableDeclaration"
              ? namesOfDeclaration(declaration)
              : [declaration.id.name];
          for (const name of names) this.#exports.set(name, name);
          edits.replace(statement.start, declaration.start, "");
          this.visit(declaration, this.#root);
          return;
        }
        const from = source
          ? this.#add({ source: String(source.value), attributes: attributesOf(statement), names: [] })
          : undefined;
        for (const { local, exported } of specifiers) {
          const name = importedName(local);
          const value = from === undefined ? (this.#bindings.get(name) ?? name) : member(from, name);
          this.#exports.set(importedName(exported), value);
        }
        edits.replace(statement.start, statement.end, ";");
        return;
      }
      case "ExportDefaultDeclaration": {
        const { declaration } = statement;
        edits.replace(statement.start, declaration.start, "");
        const { id } = declaration as { id?: Identifier | null };
        if (/Declaration$/.test(declaration.type) && id) {
          this.#exports.set("default", id.name);
          this.visit(declaration, this.#root);
          return;
        }
        this.#exports.set("default", `${mark}default`);
        edits.open(declaration.start, `const ${mark}default = ({default: `);
        this.visit(declaration, this.#root);
        edits.close(declaration.end, "}).default;");
        return;
      }
      default:
        this.visit(statement, this.#root);
    }
  }
}

const member = (namespace: string, name: string): string =>
  /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name)
    ? `${namespace}.${name}`
    : `${namespace}[${JSON.stringify(name)}]`;

/** Throws a SyntaxError with `pos`, an offset into `js`, where acorn cannot read it. */
export function rewriteModule(js: string): Rewritten {
  return new ModuleRewriter(js, parseJs(js)).rewrite();
}
