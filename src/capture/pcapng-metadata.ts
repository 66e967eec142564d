import { decodeText } from '../bytes/text.js'
import { byteCount } from '../bytes/byte-count.js'
import type { CaptureFile } from './capture-file.js'
import type { FrameFeed } from './frame-feed.js'
import { MOST_INTERFACES } from './limits.js'
import { BlockType, roundUp } from './pcapng-blocks.js'
import { PcapngInterface } from './pcapng-interface.js'
import { keepComments } from './pcapng-options.js'

/** Adds the content of blocks without packets to the record of the file. */
export class PcapngMetadata {
  readonly #feed: FrameFeed
  readonly #file: CaptureFile
  #noSnapLimit = false

  constructor(feed: FrameFeed, file: CaptureFile) {
    this.#feed = feed
    this.#file = file
  }

  /** Reads a block of sufficient length, whose body lies from `body` up to `end`. Returns what is wrong, or `null`. */
  read(
    type: number,
    interfaces: PcapngInterface[],
    bytes: Uint8Array,
    view: DataView,
    littleEndian: boolean,
    body: number,
    end: number,
  ): string | null {
    let options = end
    switch (type) {
      case BlockType.SectionHeader:
        options = body + 16
        break
      case BlockType.Interface:
        this.#addInterface(interfaces, view, littleEndian, body, end)
        options = body + 8
        break
      case BlockType.DecryptionSecrets: {
        const start = body + 8
        const length = view.getUint32(body + 4, littleEndian)
        if (length > end - start) return `its secrets need ${byteCount(length)}, available ${end - start}`
        this.#feed.addSecrets(this.#file, view.getUint32(body, littleEndian), bytes.subarray(start, start + length))
        options = start + roundUp(length)
        break
      }
      case BlockType.InterfaceStatistics:
        options = body + 12
        break
      case BlockType.NameResolution:
        options = readNames(this.#feed, bytes, view, littleEndian, body, end)
        break
    }
    keepComments(this.#feed, this.#file, null, bytes, view, littleEndian, options, end)
    return null
  }

  #addInterface(interfaces: PcapngInterface[], view: DataView, littleEndian: boolean, body: number, end: number): void {
    const file = this.#file
    if (interfaces.length >= MOST_INTERFACES) {
      this.#feed.note(
        'pcapng-interfaces-dropped',
        `${file.path}: a section has more than ${MOST_INTERFACES} interfaces`,
      )
      return
    }
    const nic = new PcapngInterface(view, littleEndian, body, end)
    interfaces.push(nic)
    if (nic.snapLength === 0) this.#noSnapLimit = true
    file.snapLength = this.#noSnapLimit ? null : Math.max(file.snapLength ?? 0, nic.snapLength)
    file.timestampDigits = Math.max(file.timestampDigits, nic.digits)
    this.#feed.addLinkType(file, nic.linkType)
  }
}

/** Records of a Name Resolution Block (§4.5). */
const NAME_END = 0
const NAME_IPV4 = 1
const NAME_IPV6 = 2

/** Reads the records of a Name Resolution Block, of type, length and padded value; returns where its options begin. */
function readNames(
  feed: FrameFeed,
  bytes: Uint8Array,
  view: DataView,
  littleEndian: boolean,
  at: number,
  end: number,
): number {
  while (end - at >= 4) {
    const type = view.getUint16(at, littleEndian)
    const length = view.getUint16(at + 2, littleEndian)
    const start = at + 4
    at = start + roundUp(length)
    if (type === NAME_END) return at
    if (length > end - start) return end
    if (type === NAME_IPV4) addName(feed, bytes, start, length, IPV4_BYTES)
    else if (type === NAME_IPV6) addName(feed, bytes, start, length, IPV6_BYTES)
  }
  return end
}

const IPV4_BYTES = 4
const IPV6_BYTES = 16

/** An address, and its names, each of which ends in a zero byte: the first one is kept. */
function addName(feed: FrameFeed, bytes: Uint8Array, start: number, length: number, addressBytes: number): void {
  if (length <= addressBytes) return
  const rest = bytes.subarray(start + addressBytes, start + length)
  const zero = rest.indexOf(0)
  const name = decodeText(zero < 0 ? rest : rest.subarray(0, zero))
  feed.addName(bytes.subarray(start, start + addressBytes), name)
}
