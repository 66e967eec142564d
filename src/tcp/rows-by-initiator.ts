/**
 * The rows of the connection table by the host that opened them, newest first: which host opens connections to many
 * others is asked rarely, and about few hosts, so that two writes for each connection are all that it may cost.
 */
export class RowsByInitiator {
  /** The newest row by id of the initiator's address, and by row the one before it; -1 for none. */
  #newest = new Int32Array(1024).fill(-1)
  #before = new Int32Array(1024).fill(-1)

  /** A connection of this initiator begins in a row. */
  add(row: number, initiator: number): void {
    if (initiator >= this.#newest.length) this.#newest = grown(this.#newest, initiator)
    if (row >= this.#before.length) this.#before = grown(this.#before, row)
    const newest = this.#newest[initiator]!
    // A row that begins anew for the same host keeps its place.
    if (newest === row) return
    this.#before[row] = newest
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
    return this.#before[row] ?? -1
  }
}

function grown(array: Int32Array, index: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(Math.max(array.length * 2, index + 1)).fill(-1)
  larger.set(array)
  return larger
}
