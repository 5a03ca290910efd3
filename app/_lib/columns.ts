/** Rows as one list for each of their fields: hundreds of rows then name their fields once in a page's data. */
export type Columns<Row> = { [Key in keyof Row]: Row[Key][] }

export function toColumns<Row extends object>(rows: readonly Row[]): Columns<Row> | null {
  const [first] = rows
  if (!first) return null
  const keys = Object.keys(first) as (keyof Row)[]
  return Object.fromEntries(keys.map((key) => [key, rows.map((row) => row[key])])) as Columns<Row>
}

export function fromColumns<Row extends object>(columns: Columns<Row> | null): Row[] {
  if (columns === null) return []
  const entries = Object.entries(columns) as [keyof Row, Row[keyof Row][]][]
  const length = entries[0]?.[1].length ?? 0
  return Array.from(
    { length },
    (_, index) => Object.fromEntries(entries.map(([key, values]) => [key, values[index]])) as Row,
  )
}
