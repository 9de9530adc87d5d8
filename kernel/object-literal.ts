/**
 * `{a: 1}` alone in a cell is an object, as in every console: TypeScript would take it for a block with a label.
 */
import vm from "node:vm";

/** `code` in parentheses if it is nothing but an object literal, else as it is: text that cannot be one stays a block. */
export function asExpression(code: string): string {
  const text = code.trim();
  if (!text.startsWith("{") || !text.endsWith("}")) return code;
  try {
    // Compiled to see whether it parses, and never run.
    new vm.Script(`async () => (${text}\n)`, { filename: "object-literal" });
  } catch {
    return code;
  }
  // A space before the brace gives way, so that columns stay as they are where they can.
  const at = code.indexOf("{");
  const before = code[at - 1] === " " ? code.slice(0, at - 1) : code.slice(0, at);
  return `${before}(${code.slice(at).trimEnd()})`;
}
