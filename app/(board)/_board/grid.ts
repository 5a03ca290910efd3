/** A tile is easiest to read when it is about so much wider than high. */
const ASPECT = 1.55

/** Rows and columns in which this many tiles are largest. Pure. */
export function gridFor(
  count: number,
  { width, height }: { width: number; height: number },
): { columns: number; rows: number } {
  let best = { columns: 1, rows: count, size: 0 }
  for (let columns = 1; columns <= count; columns += 1) {
    const rows = Math.ceil(count / columns)
    const size = Math.min(width / columns / ASPECT, height / rows)
    if (size > best.size) best = { columns, rows, size }
  }
  return { columns: best.columns, rows: best.rows }
}
