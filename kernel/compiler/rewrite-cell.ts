/**
 * What a cell's JavaScript becomes so that it can run.
 *
 * Each name of the session becomes a property of its box (session.ts). `const step = (x) => x * lr` runs as
 * `step.$const = (x) => x * lr.$`, where the boxes are parameters of the function that the cell becomes.
 */
import type {
  AnyNode,
  ClassDeclaration,
  FunctionDeclaration,
  ImportDeclaration,
  Literal,
  Program,
  VariableDeclaration,
} from "acorn";
import type { DeclarationKind } from "../session.js";
import { attributesOf, type ImportRecord, recordOf } from "./import-record.js";
import {
  blockNames,
  hoistedNames,
  isDeclaredIn,
  namesOfDeclaration,
  type Scope,
  type TopLevel,
} from "./names.js";
import { passToEval } from "./rewrite-eval.js";
import { freeName, MODULE_PARAMETERS, parseJs, Rewriter, type Rewritten } from "./rewriter.js";

export interface RewrittenCell extends Rewritten {
  /** Names whose boxes are the function's last parameters, in this order. */
  readonly boxes: readonly string[];
  /** What the cell declares in the session. */
  readonly declared: ReadonlyMap<string, DeclarationKind>;
}

const SETTER = { let: "$let", const: "$const", var: "$", using: "$const", "await using": "$const" } as const;

class CellRewriter extends Rewriter {
  readonly #program: Program;
  /** True for a name that a tool put into the cell: it is not the user's variable. */
  readonly #isGenerated: (name: string) => boolean;
  readonly #isSessionName: (name: string) => boolean;
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
    program: Program,

    isGenerated: (name: string) => boolean,
    isSessionName: (name: string) => boolean,
  ) {
    super(js);
    this.#program = program;
    this.#isGenerated = isGenerated;
    this.#isSessionName = isSessionName;

    const generated = [...hoistedNames(program.body), ...blockNames(program.body)].filter(isGenerated);
    this.#root = { names: new Set(generated), parent: undefined };
  }

  rewrite(): RewrittenCell {
    this.#declare();
    const { body } = this.#program;
    const last = body.findLast(({ type }) => type !== "EmptyStatement");
    for (const statement of body) this.#topLevel(statement, statement === last);
    const { mark } = this;
    const hoisted = this.#hoisted.map((name) => `${this.#box(name)}.$let=${name};`).join("");
    const boxes = [...this.#boxes];
    const parameters = [mark, ...MODULE_PARAMETERS, ...boxes.map((name) => mark + name)].join(",");
    const head = `(${this.isAsync ? "async " : ""}function(${parameters}){"use strict";${hoisted}`;
    return {
      ...this.wrapped(head),
      isAsync: this.isAsync,
      isModule: true,
      imports: this.#imports,
      boxes,
      declared: this.#declared,
    };
  }

  protected override replace(name: string): string | undefined {
    const isOurs = this.#declared.has(name) || this.#isSessionName(name);
    // What a tool's own code uses is the global, whatever cells declare.
    if (isOurs ? this.#isGenerated(name) && name in globalThis : !freeName(name)) return undefined;
    return `${this.#box(name)}.$`;
  }

  protected override directEval(text: AnyNode, scope: Scope | undefined): void {
    passToEval(this.edits, this.mark, text, scope);
  }

  #box(name: string): string {
    this.#boxes.add(name);
    return this.mark + name;
  }

  /** Notes what the cell declares, before anything is rewritten: functions refer to what comes later. */
  #declare(): void {
    const add = (names: Iterable<string>, kind: DeclarationKind) => {
      for (const name of names) if (!this.#isGenerated(name)) this.#declared.set(name, kind);
    };
    add(hoistedNames(this.#program.body), "var");
    for (const statement of this.#program.body) {
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
        if (!this.#isGenerated(statement.id.name)) this.#hoisted.push(statement.id.name);
        this.visitFunction(statement, this.#root);
        return;
      case "ClassDeclaration":
        if (!this.#isGenerated(statement.id.name)) {
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
      this.pattern(id, scope, (name) => {
        edits.replace(name.start, name.end, `${this.#box(name.name)}.${SETTER[kind]}`);
      });
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
}

export interface CellNames {
  isGenerated(name: string): boolean;
  isSessionName(name: string): boolean;
}

/** Throws a SyntaxError with `pos`, an offset into `js`, where acorn cannot read it. */
export function rewriteCell(js: string, { isGenerated, isSessionName }: CellNames): RewrittenCell {
  return new CellRewriter(js, parseJs(js), isGenerated, isSessionName).rewrite();
}
