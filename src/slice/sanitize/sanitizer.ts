import type { Frame } from '../../capture/frame.js'
import { BlockType, roundUp, takesFrameNumber } from '../../capture/pcapng-blocks.js'
import { walkOptions } from '../../capture/pcapng-options.js'
import {
  type BlockOption,
  OptionCode,
  optionsLength,
  putOptions,
  textOption,
} from '../../capture/write/block-options.js'
import { sectionHeader } from '../../capture/write/blocks.js'
import type { CopyRules } from '../../capture/write/capture-rewriter.js'
import type { FrameChange } from '../../capture/write/packet-block.js'
import { type Cursor, Stop } from '../../wire/cursor.js'
import { FragmentTable } from '../../wire/fragments.js'
import type { Packet } from '../../wire/packet.js'
import { AddressMap } from './address-map.js'
import { CertificateNames } from './certificate-names.js'
import { Datagrams } from './datagrams.js'
import type { FrameDraft } from './frame-draft.js'
import { FrameWalker } from './frame-walker.js'
import { Keyed } from './keyed.js'
import { rewrittenNames } from './name-records.js'
import { type PayloadOptions, Payloads } from './payloads.js'
import type { Roles } from './roles.js'
import { StandIns } from './stand-ins.js'

export interface SanitizeOptions extends PayloadOptions {
  /** Secret: who has it can find out what a stand-in stands for. */
  key: Uint8Array
  /** Leaves out frames that belong to no session. */
  ftpOnly: boolean
  /** What was done, for the section header. */
  comment: string
}

/** What the copy lacks. */
export interface SanitizeCounts {
  frames: number
  /** Frames left out. */
  leftOut: number
  /** Frames of unknown link types, all zeros. */
  unknownLinks: number
  /** Frames with something after the headers that was not understood, and is zeros. */
  unread: number
  /** Frames with a fragment of an incomplete datagram, whose content is zeros. */
  fragments: number
  /** Blocks left out: comments, secrets, and those of unknown kinds. */
  blocks: number
  /** Bytes of dialogues and listings that were too many to be held: they are replaced like the contents of files. */
  unheld: number
}

/** Bounds of the fragments held at a time, as in an analysis. */
const MOST_DATAGRAMS = 4096
const MOST_FRAGMENT_BYTES = 16 * 1024 * 1024
const INTERFACE_BODY = 16
const STATISTICS_BODY = 20
const TRAILER = 4
const INTERFACE_OPTIONS: ReadonlySet<number> = new Set([
  OptionCode.TimestampResolution,
  OptionCode.FcsLength,
  OptionCode.TimestampOffset,
])
/** Times and counts of an Interface Statistics Block (draft-ietf-opsawg-pcapng §4.6). */
const STATISTICS_OPTIONS: ReadonlySet<number> = new Set([2, 3, 4, 5, 6, 7, 8])

/**
 * Rules for a copy that tells no secret and is judged alike. The captures are read once to collect what connections
 * carry (`collect`), and once to copy.
 */
export class Sanitizer implements CopyRules {
  readonly #options: SanitizeOptions
  readonly #addresses: AddressMap
  readonly #names: CertificateNames
  readonly #payloads: Payloads
  readonly #datagrams = new Datagrams()
  readonly #collecting: FrameWalker
  readonly #copying: FrameWalker
  /** Of the frame that is being copied. */
  #current: { frame: number; isFtp: boolean; unread: keyof SanitizeCounts | null } = {
    frame: 0,
    isFtp: false,
    unread: null,
  }
  readonly counts: SanitizeCounts = {
    frames: 0,
    leftOut: 0,
    unknownLinks: 0,
    unread: 0,
    fragments: 0,
    blocks: 0,
    unheld: 0,
  }

  constructor(roles: Roles, options: SanitizeOptions) {
    this.#options = options
    const keyed = new Keyed(options.key)
    const standIns = new StandIns(keyed)
    this.#addresses = new AddressMap(keyed)
    this.#names = new CertificateNames(standIns, this.#addresses)
    this.#payloads = new Payloads(roles, options, standIns, this.#addresses)
    const table = new FragmentTable(MOST_DATAGRAMS, MOST_FRAGMENT_BYTES)
    this.#collecting = new FrameWalker(this.#addresses, standIns, {
      payload: (payload) => {
        this.#payloads.collect(payload)
      },
      fragment: (cursor, packet) => this.#collectFragment(table, cursor, packet),
      unread: () => undefined,
    })
    this.#copying = new FrameWalker(this.#addresses, standIns, {
      payload: (payload, out) => {
        if (this.#payloads.isFtp(payload)) this.#current.isFtp = true
        this.#payloads.rewrite(payload, out)
      },
      fragment: (cursor, _, draft) => this.#copyFragment(cursor, draft),
      unread: (what) => {
        this.#current.unread = what
      },
    })
  }

  /** Rules for the first reading, which copies nothing. */
  get collect(): CopyRules {
    return {
      frame: (frame) => {
        this.#collecting.frame(frame)
        return null
      },
      block: () => null,
      longBlock: () => false,
      afterHeader: () => [],
      unwritten: () => undefined,
    }
  }

  /** The second reading begins. */
  beginCopy(): void {
    this.#payloads.collected()
    this.counts.unheld = this.#payloads.unheld
    this.#datagrams.rewrite(({ bytes, payloadAt, version, protocol, frame }) =>
      this.#copying.datagram(bytes, payloadAt, version, protocol, frame),
    )
  }

  frame(frame: Frame): FrameChange | null {
    const { counts } = this
    this.#current = { frame: frame.number, isFtp: false, unread: null }
    const bytes = this.#copying.frame(frame)
    const { isFtp, unread } = this.#current as { isFtp: boolean; unread: keyof SanitizeCounts | null }
    counts.frames++
    if (this.#options.ftpOnly && !isFtp) {
      counts.leftOut++
      return null
    }
    if (unread) counts[unread]++
    return { bytes }
  }

  block(block: Uint8Array, type: number, little: boolean): Uint8Array | null {
    switch (type) {
      case BlockType.Interface:
        return withOptions(block, INTERFACE_BODY, INTERFACE_OPTIONS, little)
      case BlockType.InterfaceStatistics:
        return withOptions(block, STATISTICS_BODY, STATISTICS_OPTIONS, little)
      case BlockType.NameResolution:
        return rewrittenNames(block, little, this.#addresses, this.#names)
      default:
        if (takesFrameNumber(type)) this.counts.leftOut++
        else this.counts.blocks++
        return null
    }
  }

  longBlock(): boolean {
    this.counts.blocks++
    return false
  }

  afterHeader(): readonly Uint8Array[] {
    return []
  }

  header(little: boolean, application: string): Uint8Array {
    const { comment } = this.#options
    return sectionHeader(little, [
      textOption(OptionCode.Comment, comment),
      textOption(OptionCode.UserApplication, application),
    ])
  }

  /** No frame gets a comment. */
  unwritten(): void {
    return
  }

  #collectFragment(table: FragmentTable, cursor: Cursor, packet: Packet): number {
    const isWhole = packet.bytes
    const protocol = table.add(cursor, packet)
    if (protocol === Stop || packet.bytes === isWhole) return protocol
    packet.frame = cursor.frame
    this.#datagrams.add(packet, cursor.end, protocol)
    // What it contains is looked at as a datagram, in the bytes that were put together.
    this.#collecting.datagram(packet.bytes.slice(0, cursor.end), cursor.at, packet.version, protocol, cursor.frame)
    return Stop
  }

  #copyFragment({ at, end, wireEnd, fragmentOffset, fragmentProtocol }: Cursor, draft: FrameDraft): number {
    const bytes = this.#datagrams.fragment(this.#current.frame, at, end - at)
    if (bytes) draft.after.set(bytes, at)
    // A first fragment that was cut off has headers of its own, as for an analysis.
    else if (fragmentOffset === 0 && end < wireEnd) return fragmentProtocol
    else this.#current.unread = 'fragments'
    return Stop
  }
}

/** A block with its fixed fields and these of its options. */
function withOptions(block: Uint8Array, body: number, codes: ReadonlySet<number>, little: boolean): Uint8Array {
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength)
  const kept: BlockOption[] = []
  const start = Math.min(body, block.length - TRAILER)
  walkOptions(view, little, start, block.length - TRAILER, (code, at, length) => {
    if (codes.has(code)) kept.push({ code, value: block.slice(at, at + length) })
  })
  const copy = new Uint8Array(roundUp(start) + optionsLength(kept) + TRAILER)
  copy.set(block.subarray(0, start))
  putOptions(copy, start, kept, little)
  const copied = new DataView(copy.buffer)
  copied.setUint32(4, copy.length, little)
  copied.setUint32(copy.length - TRAILER, copy.length, little)
  return copy
}
