export type Cell = string | number | boolean | null

/** A column of a table: its name in the header, what it contains, and how its value is computed. */
export interface Column<Row> {
  name: string
  about: string
  value: (row: Row) => Cell
  /** Its values are times in UTC, which are shown in the zone that was asked for. */
  isTime: boolean
}

export function column<Row>(name: string, about: string, value: (row: Row) => Cell): Column<Row> {
  return { name, about, value, isTime: false }
}

export function timeColumn<Row>(name: string, about: string, value: (row: Row) => string | null): Column<Row> {
  return { name, about, value, isTime: true }
}
