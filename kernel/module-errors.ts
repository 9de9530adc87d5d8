/** Errors of importing, in the words of whoever reads them in a notebook. */
import type { Place } from "./compiler/edits.js";

export function noModule(specifier: string, folder: string, isRelative: boolean): Error {
  const message = isRelative
    ? `Cannot find module '${specifier}' from ${folder}. Write the file, or mend the path, and run the cell again.`
    : `Cannot find package '${specifier}' from ${folder}. Install it there (npm install ${specifier
        .split("/")
        .slice(0, specifier.startsWith("@") ? 2 : 1)
        .join("/")}), and run the cell again; the kernel need not be restarted.`;
  return Object.assign(new Error(message), { code: "ERR_MODULE_NOT_FOUND" });
}

export const badModuleSyntax = (file: string, { line, column }: Place, message: string): Error =>
  new SyntaxError(`${file}:${line + 1}:${column + 1}: ${message}`);

export const moduleAwaits = (file: string): Error =>
  Object.assign(
    new Error(
      `${file} awaits at its top level, or has decorators, so it cannot be required. Use import instead.`,
    ),
    { code: "ERR_REQUIRE_ASYNC_MODULE" },
  );

export const badVariableName = (name: string): Error =>
  new Error(`"${name}" cannot be a variable: use letters, digits and _, not beginning with a digit.`);

export const compilerFailed = (reason: string): Error =>
  new Error(`The TypeScript compiler failed. ${reason}`);
