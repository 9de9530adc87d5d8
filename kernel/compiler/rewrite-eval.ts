/**
 * What the text of a direct `eval` in a cell becomes, so that it sees the variables of the session as the code around it does.
 *
 * Its own declarations stay in it, as strict code has them. `(0, eval)("a")` and `new Function("return a")` see globals only, as in any
 * module.
 */
import { type AnyNode, type Program, parse } from "acorn";
import type { Edits } from "./edits.js";
import { allNames, blockNames, hoistedNames, type Scope } from "./names.js";
import { freeName, Rewriter } from "./rewriter.js";

export interface EvalPlace {
  /** Names of the scopes around the call. */
  readonly locals: ReadonlySet<string>;
  /** The name by which the code around the call knows its helpers. */
  readonly mark: string;
  isSessionName(name: string): boolean;
}

/** Has the helpers rewrite the text of an `eval` when it is known, with the names of the scopes around it. */
export function passToEval(edits: Edits, mark: string, text: AnyNode, scope: Scope | undefined): void {
  edits.open(text.start, `${mark}.eval(`);
  edits.close(text.end, `, ${JSON.stringify([...allNames(scope)])}, ${JSON.stringify(mark)})`);
}

class EvalRewriter extends Rewriter {
  readonly #place: EvalPlace;

  constructor(text: string, place: EvalPlace) {
    super(text, place.mark);
    this.#place = place;
  }

  rewrite({ body }: Program): string {
    const names = new Set([...hoistedNames(body), ...blockNames(body)]);
    this.visitAll(body, { names, parent: { names: this.#place.locals, parent: undefined } });
    return this.edits.apply().text;
  }

  protected override directEval(text: AnyNode, scope: Scope | undefined): void {
    passToEval(this.edits, this.mark, text, scope);
  }

  protected override replace(name: string): string | undefined {
    const isFree = this.#place.isSessionName(name) || freeName(name);
    return isFree ? `${this.mark}.box(${JSON.stringify(name)}).$` : undefined;
  }
}

/** A text that acorn can't read is returned as it is: V8 says what is wrong with it. */
export function rewriteEval(text: string, place: EvalPlace): string {
  let program: Program;
  try {
    program = parse(text, {
      ecmaVersion: "latest",
      sourceType: "script",
      allowHashBang: true,
      allowSuperOutsideMethod: true,
    });
  } catch {
    return text;
  }
  return new EvalRewriter(text, place).rewrite(program);
}
