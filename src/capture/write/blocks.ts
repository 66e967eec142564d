import { BLOCK_FRAME, BlockType, roundUp } from '../pcapng-blocks.js'
import { type BlockOption, optionsLength, putOptions } from './block-options.js'

const BYTE_ORDER_MAGIC = 0x1a2b3c4d
/** Bytes before the body of a block: type and length. */
const BODY_AT = 8
/** Offset of the frame in an Enhanced Packet Block. */
export const FRAME_AT = 28
/** Offset of the section's length in a Section Header Block. */
const SECTION_LENGTH_AT = 16
/** Offset of the secrets in a Decryption Secrets Block. */
export const SECRETS_AT = 16
/** A time of 64 bits is written as two words. */
const WORD_BITS = 32n

/** A Section Header Block (draft-ietf-opsawg-pcapng §4.1) of unspecified section length. */
export function sectionHeader(little: boolean, options: readonly BlockOption[]): Uint8Array {
  const { block, view } = newBlock(BlockType.SectionHeader, 16, options, little)
  view.setUint32(BODY_AT, BYTE_ORDER_MAGIC, little)
  view.setUint16(BODY_AT + 4, 1, little)
  block.fill(0xff, SECTION_LENGTH_AT, SECTION_LENGTH_AT + 8)
  return block
}

/** The same Section Header Block for a section whose length has changed. */
export function withoutSectionLength(header: Uint8Array): Uint8Array {
  return header.slice().fill(0xff, SECTION_LENGTH_AT, SECTION_LENGTH_AT + 8)
}

/** An Interface Description Block (§4.2); a snap length of 0 is no limit. */
export function interfaceDescription(
  { linkType, snapLength }: { linkType: number; snapLength: number },
  options: readonly BlockOption[],
  little: boolean,
): Uint8Array {
  const { block, view } = newBlock(BlockType.Interface, 8, options, little)
  view.setUint16(BODY_AT, linkType, little)
  view.setUint32(BODY_AT + 4, snapLength, little)
  return block
}

/** What an Enhanced Packet Block contains besides options. */
export interface PacketContent {
  interfaceId: number
  /** In units of the interface's resolution since 1970. */
  timestamp: bigint
  bytes: Uint8Array
  wireLength: number
}

/** An Enhanced Packet Block (§4.3). */
export function enhancedPacket(
  { interfaceId, timestamp, bytes, wireLength }: PacketContent,
  options: readonly BlockOption[],
  little: boolean,
): Uint8Array {
  const body = FRAME_AT - BODY_AT + roundUp(bytes.length)
  const { block, view } = newBlock(BlockType.EnhancedPacket, body, options, little)
  view.setUint32(BODY_AT, interfaceId, little)
  view.setUint32(BODY_AT + 4, Number(BigInt.asUintN(32, timestamp >> WORD_BITS)), little)
  view.setUint32(BODY_AT + 8, Number(BigInt.asUintN(32, timestamp)), little)
  view.setUint32(BODY_AT + 12, bytes.length, little)
  view.setUint32(BODY_AT + 16, wireLength, little)
  block.set(bytes, FRAME_AT)
  return block
}

/** A Decryption Secrets Block (§4.7). */
export function decryptionSecrets(
  type: number,
  secrets: Uint8Array,
  options: readonly BlockOption[],
  little: boolean,
): Uint8Array {
  const { block, view } = newBlock(BlockType.DecryptionSecrets, 8 + roundUp(secrets.length), options, little)
  view.setUint32(BODY_AT, type, little)
  view.setUint32(BODY_AT + 4, secrets.length, little)
  block.set(secrets, SECRETS_AT)
  return block
}

/** A block of this type with its options in place, and room for `body` bytes before them. */
function newBlock(type: number, body: number, options: readonly BlockOption[], little: boolean) {
  const length = BLOCK_FRAME + body + optionsLength(options)
  const block = new Uint8Array(length)
  const view = new DataView(block.buffer)
  view.setUint32(0, type, little)
  view.setUint32(4, length, little)
  view.setUint32(length - 4, length, little)
  putOptions(block, BODY_AT + body, options, little)
  return { block, view }
}
