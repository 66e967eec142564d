import { SECRETS_AT } from '../capture/write/blocks.js'

/** Type of a Decryption Secrets Block that is a TLS key log (draft-ietf-opsawg-pcapng §4.7). */
const TLS_KEY_LOG = 0x544c534b

/** The lines of a key log that belong to one of these connections, by client random; empty if there are none. */
export function chosenLines(log: Uint8Array, clientRandoms: ReadonlySet<string>): string {
  let text = ''
  for (let at = 0; at < log.length; at += 0x8000) text += String.fromCharCode(...log.subarray(at, at + 0x8000))
  const lines = text.split(/\r?\n/)
  const kept = lines.filter((line) => clientRandoms.has(line.split(' ')[1]?.toLowerCase() ?? ''))
  return kept.map((line) => `${line}\n`).join('')
}

/** The key log in a Decryption Secrets Block; `null` for secrets of another kind, or damaged ones. */
export function keyLogIn(block: Uint8Array, little: boolean): Uint8Array | null {
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength)
  if (block.length < SECRETS_AT || view.getUint32(8, little) !== TLS_KEY_LOG) return null
  return block.subarray(SECRETS_AT, Math.min(SECRETS_AT + view.getUint32(12, little), block.length))
}

/** A key log as bytes, to be written into a block. */
export function keyLogSecrets(lines: string): { type: number; bytes: Uint8Array } {
  return { type: TLS_KEY_LOG, bytes: Uint8Array.from(lines, (character) => character.charCodeAt(0)) }
}
