/** Questions about code that is being typed: completion, inspection, and whether it is complete. */
import { type Commands, commandAt } from "./commands.js";
import type { Compiler } from "./compiler/compiler.js";
import { currentScope } from "./context.js";
import { magicNeeds, unknownName } from "./errors.js";
import { toCodePoints, toUtf16 } from "./text.js";

interface Match {
  readonly text: string;
  readonly type: string;
}

export class CodeQueries {
  readonly #compiler: Compiler;
  readonly #commands: Commands;
  constructor(compiler: Compiler, commands: Commands) {
    this.#compiler = compiler;
    this.#commands = commands;

    commands.registerLine("doc", {
      summary: "Shows what a name is and what its documentation says, in the pager: %doc Math.hypot",
      run: async ({ args }) => {
        if (args === "") throw magicNeeds("%doc", "a name", "%doc Math.hypot");
        const text = await compiler.inspect(args, args.length - 1);
        if (text === undefined) throw unknownName(args);
        currentScope()?.cell.payload.push({ source: "page", data: { "text/plain": text }, start: 0 });
      },
    });
  }

  async complete(code: string, cursor: number): Promise<object> {
    const offset = toUtf16(code, cursor);
    const found = await this.#find(code, offset);
    const start = toCodePoints(code, found.start);
    const end = toCodePoints(code, found.end);
    return {
      matches: found.matches.map(({ text }) => text),
      cursor_start: start,
      cursor_end: end,
      metadata: {
        _jupyter_types_experimental: found.matches.map(({ text, type }) => ({ text, type, start, end })),
      },
    };
  }

  async #find(code: string, offset: number): Promise<{ start: number; end: number; matches: Match[] }> {
    const none = { start: offset, end: offset, matches: [] };
    if (!mayHaveCommands(code)) return this.#compiler.complete(code, offset);
    const withTypes = (found: Awaited<ReturnType<Commands["completeName"]>>) =>
      found && {
        ...found,
        matches: found.matches.map((match) =>
          typeof match === "string"
            ? { text: match, type: "" }
            : { text: match.text, type: match.type ?? "" },
        ),
      };
    const names = withTypes(await this.#commands.completeName(code, offset));
    if (names) return names;
    const at = commandAt(code, offset);
    if (!at) return this.#compiler.complete(code, offset);
    const command = await this.#commands.find(at.name, at.isCell);
    return withTypes(await command?.complete?.(code, offset)) ?? none;
  }

  async inspect(code: string, cursor: number): Promise<object> {
    const offset = toUtf16(code, cursor);
    const at = mayHaveCommands(code) ? commandAt(code, offset) : undefined;
    let found: string | Record<string, unknown> | undefined;
    if (at) {
      const command = await this.#commands.find(at.name, at.isCell);
      found = (await command?.inspect?.(code, offset)) ?? command?.summary;
    } else {
      // Front ends often ask with the cursor just behind the name.
      found =
        (await this.#compiler.inspect(code, offset)) ??
        (offset > 0 ? await this.#compiler.inspect(code, offset - 1) : undefined);
    }
    const data = typeof found === "string" ? { "text/plain": found } : (found ?? {});
    return { found: found !== undefined, data, metadata: {} };
  }

  async isComplete(code: string): Promise<object> {
    // A cell command's body has a syntax of its own; in a console an empty line ends it.
    const at = mayHaveCommands(code) ? commandAt(code, code.length) : undefined;
    if (at?.isCell)
      return /\n\s*$/.test(code) ? { status: "complete" } : { status: "incomplete", indent: "" };
    if (at) return { status: "complete" };
    return this.#compiler.isComplete(code);
  }
}

const mayHaveCommands = (code: string) => /^\s*%/.test(code);
