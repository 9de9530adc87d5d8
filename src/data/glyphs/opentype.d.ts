// Types for the few parts of opentype.js that are used; it ships none.
declare module "opentype.js" {
  export interface Command {
    type: "M" | "L" | "Q" | "C" | "Z";
    x: number;
    y: number;
    x1: number;
    y1: number;
    x2: number;
    y2: number;
  }
  export interface Font {
    charToGlyph(character: string): { index: number; path: { commands: Command[] } };
  }
  const opentype: { parse(file: ArrayBuffer): Font };
  export default opentype;
}
