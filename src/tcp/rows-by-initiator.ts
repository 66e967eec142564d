import type { ConnectionRows } from './connection-rows.js'

/**
 * The rows of the connection table by the host that opened them, newest first: which host opens connections to many
 * others is asked rarely, and about few hosts, so that two writes for each connection are all that it may cost. One of
 * them is in the row.
 */
export class RowsByInitiator {
  readonly #rows: ConnectionRows
  /** The newest row by id of the initiator's address; -1 for none. */
  #newest = new Int32Array(1024).fill(-1)

  constructor(rows: ConnectionRows) {
    this.#rows = rows
  }

  /** A connection of this initiator begins in a row. */
  add(row: number, initiator: number): void {
    if (initiator >= this.#newest.length) this.#newest = grown(this.#newest, initiator)
    const newest = this.#newest[initiator]!
    // A row that begins anew for the same host keeps its place.
    if (newest === row) return
    this.#rows.setBefore(row, newest)
    this.#newest[initiator] = row
  }

  newest(initiator: number): number {
    return this.#newest[initiator] ?? -1
  }

  /**
   * The row before; rows of the table are used again, so that it may belong to another host by now, or be newer: then
   * the series ends.
   */
  before(row: number): number {
    return this.#rows.before(row)
  }
}

function grown(array: Int32Array, index: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(Math.max(array.length * 2, index + 1)).fill(-1)
  larger.set(array)
  return larger
}
