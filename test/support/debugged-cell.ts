// The cell that debugger tests step through; they count on its lines.

export const DEBUGGED_CELL = `interface Point { x: number }

const scale = (p: Point, by: number): Point => {
  const scaled: Point = { x: p.x * by }
  return scaled
}

let result = scale({ x: 2 }, 3)
result.x += 1
result.x`;
