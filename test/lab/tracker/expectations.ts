/** A data connection that the kernel lets in, and the control connection that announced it. */
export interface Expectation {
  readonly address: string
  readonly port: number
  /** The client's port of the control connection. */
  readonly masterPort: number
}

/** Reads `conntrack -L expect`. */
export function expectationsOf(listing: string): Expectation[] {
  return listing.split('\n').flatMap((line) => {
    // The addresses and ports stand there twice: of the connection expected, and of its master.
    const expected = /\bsrc=\S+ dst=(\S+) sport=\d+ dport=(\d+) /.exec(line)
    const master = /\bmaster-src=\S+ master-dst=\S+ sport=(\d+) dport=21\b/.exec(line)
    if (!expected || !master) return []
    return [{ address: expected[1]!, port: Number(expected[2]), masterPort: Number(master[1]) }]
  })
}
