import { BLOCK_FRAME, BlockType, roundUp } from '../pcapng-blocks.js'
import { walkOptions } from '../pcapng-options.js'
import { type BlockOption, OptionCode, optionsLength, putOptions, textOption } from './block-options.js'
import { FRAME_AT } from './blocks.js'

const CAPTURED_AT = 20
const TRAILER = 4

/** How a frame is changed where it is copied; the rest of it stays as it is. */
export interface FrameChange {
  /** Appended to its comments. */
  comments?: readonly string[]
  /** Offset in the frame of the first byte that is left out. */
  contentFrom?: number
  /** Bytes left out become zeros instead of shortening the frame: what comes after it depends on its length. */
  zeros?: true
  /** In place of all bytes of the frame, as many; of the options stay those that describe how it was captured. */
  bytes?: Uint8Array
}

/** Where a packet block has its frame: start and length; `null` for a block of another type. */
export function frameIn(block: Uint8Array, little: boolean): { start: number; length: number } | null {
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength)
  switch (view.getUint32(0, little)) {
    case BlockType.EnhancedPacket:
    case BlockType.Packet:
      return { start: FRAME_AT, length: view.getUint32(CAPTURED_AT, little) }
    case BlockType.SimplePacket:
      return { start: BLOCK_FRAME, length: view.getUint32(8, little) }
    default:
      return null
  }
}

/** A Simple Packet Block has neither options nor a captured length of its own (draft-ietf-opsawg-pcapng §4.4). */
export function isSimple(block: Uint8Array, little: boolean): boolean {
  return new DataView(block.buffer, block.byteOffset, 4).getUint32(0, little) === BlockType.SimplePacket
}

/** The options of a packet block that has some; `null` where they are malformed. */
function optionsOf(block: Uint8Array, at: number, little: boolean): BlockOption[] | null {
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength)
  const options: BlockOption[] = []
  const well = walkOptions(view, little, at, block.length - TRAILER, (code, start, length) => {
    options.push({ code, value: block.subarray(start, start + length) })
  })
  return well ? options : null
}

/**
 * A packet block with these changes; `null` if its options are malformed, so that no comment can be appended. Comments
 * on a Simple Packet Block cannot be written: do not ask for them.
 */
export function changedPacket(block: Uint8Array, change: FrameChange, little: boolean): Uint8Array | null {
  const { comments = [], contentFrom = Infinity, zeros } = change
  const { start, length } = frameIn(block, little)!
  const kept = Math.min(contentFrom, length)
  if (isSimple(block, little) || (zeros && comments.length === 0))
    return block.slice().fill(0, start + kept, Math.min(start + length, block.length - TRAILER))
  const options = optionsOf(block, start + roundUp(length), little)
  if (options === null) return null
  for (const comment of comments) options.push(textOption(OptionCode.Comment, comment))
  return rebuilt(block, zeros ? length : kept, kept, options, little)
}

function rebuilt(
  block: Uint8Array,
  captured: number,
  kept: number,
  options: readonly BlockOption[],
  little: boolean,
): Uint8Array {
  const optionsAt = FRAME_AT + roundUp(captured)
  const built = new Uint8Array(optionsAt + optionsLength(options) + TRAILER)
  const view = new DataView(built.buffer)
  built.set(block.subarray(0, FRAME_AT + kept))
  view.setUint32(4, built.length, little)
  view.setUint32(CAPTURED_AT, captured, little)
  view.setUint32(built.length - TRAILER, built.length, little)
  putOptions(built, optionsAt, options, little)
  return built
}

/** Options of a packet that are numbers: flags, and drops (draft-ietf-opsawg-pcapng §4.3). */
const CAPTURE_OPTIONS: ReadonlySet<number> = new Set([OptionCode.PacketFlags, OptionCode.DropCount])

/** A packet block with another frame of the same length, without comments and options of unknown kinds. */
export function replacedPacket(block: Uint8Array, frame: Uint8Array, little: boolean): Uint8Array {
  const { start, length } = frameIn(block, little)!
  if (isSimple(block, little)) {
    const simple = block.slice()
    simple.fill(0, start, simple.length - TRAILER)
    simple.set(frame.subarray(0, simple.length - TRAILER - start), start)
    return simple
  }
  const options = optionsOf(block, start + roundUp(length), little) ?? []
  const kept = options.filter(({ code }) => CAPTURE_OPTIONS.has(code))
  const built = rebuilt(block, length, 0, kept, little)
  built.set(frame.subarray(0, length), FRAME_AT)
  return built
}
