/**
 * What a module beside the notebook becomes so that it can run.
 *
 * Each imported name becomes a property of the namespace that it comes from, and exports become getters, so that both are live as in
 * Node's own modules. It is a generator that yields once, when functions can be called but nothing has run; modules that import each
 * other rely on that.
 */
import type { Identifier, ImportDeclaration, Program } from "acorn";
import { attributesOf, type ImportRecord, importedName, recordOf } from "./import-record.js";
import { moduleNames, namesOfDeclaration, type Scope, type TopLevel } from "./names.js";
import { MODULE_PARAMETERS, parseJs, Rewriter, type Rewritten } from "./rewriter.js";

class ModuleRewriter extends Rewriter {
  readonly #program: Program;
  readonly #imports: ImportRecord[] = [];
  /** How each imported name is written. */
  readonly #bindings = new Map<string, string>();
  /** Exported names and their expressions. */
  readonly #exports = new Map<string, string>();
  readonly #stars: string[] = [];
  readonly #root: Scope;

  constructor(js: string, program: Program) {
    super(js);
    this.#program = program;

    for (const statement of program.body) if (statement.type === "ImportDeclaration") this.#import(statement);
    const names = moduleNames(program);
    for (const name of this.#bindings.keys()) names.delete(name);
    this.#root = { names, parent: undefined };
  }

  rewrite(): Rewritten {
    for (const statement of this.#program.body) this.#topLevel(statement);
    const { mark } = this;
    const namespaces = this.#imports.map((_, i) => `${mark}${i}`);
    const parameters = [mark, ...MODULE_PARAMETERS, ...namespaces].join(",");
    const getters = [...this.#exports].map(([name, value]) => `${JSON.stringify(name)}:()=>${value}`);
    const head = `(${this.isAsync ? "async " : ""}function*(${parameters}){"use strict";${mark}.export({${getters.join(",")}},[${this.#stars.join(",")}]);yield;`;
    return {
      ...this.wrapped(head),
      isAsync: this.isAsync,
      isModule: this.hasMeta || this.#program.body.some(({ type }) => /^(Import|Export)/.test(type)),
      imports: this.#imports,
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
