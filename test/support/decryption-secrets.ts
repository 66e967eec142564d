/** A pcapng capture without its decryption secrets blocks, and with them at its end. */
export interface SplitSecrets {
  bare: Uint8Array
  late: Uint8Array
  /** The key logs in the blocks, one after the other. */
  keyLog: string
}

const DECRYPTION_SECRETS = 10
/** Type and length of a block, type and length of its secrets. */
const HEADER = 16

export function splitSecrets(capture: Uint8Array): SplitSecrets {
  const view = new DataView(capture.buffer, capture.byteOffset, capture.length)
  const packets: Uint8Array[] = []
  const blocks: Uint8Array[] = []
  let keyLog = ''
  for (let at = 0; at < capture.length;) {
    const length = view.getUint32(at + 4, true)
    const block = capture.subarray(at, at + length)
    if (view.getUint32(at, true) === DECRYPTION_SECRETS) {
      blocks.push(block)
      keyLog += Buffer.from(block.subarray(HEADER, HEADER + view.getUint32(at + 12, true))).toString('latin1')
    } else packets.push(block)
    at += length
  }
  return { bare: Buffer.concat(packets), late: Buffer.concat([...packets, ...blocks]), keyLog }
}
