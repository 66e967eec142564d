import { AnomalyLog } from '../bytes/anomaly.js'
import type { Frame } from '../capture/frame.js'
import { BlockType, takesFrameNumber } from '../capture/pcapng-blocks.js'
import { decryptionSecrets } from '../capture/write/blocks.js'
import type { CopyRules } from '../capture/write/capture-rewriter.js'
import type { FrameChange } from '../capture/write/packet-block.js'
import { PacketDecoder } from '../wire/decode.js'
import type { Packet } from '../wire/packet.js'
import { chosenLines, keyLogIn, keyLogSecrets } from './chosen-secrets.js'
import { PacketMatcher } from './packet-matcher.js'
import type { SessionConnection, SessionPackets } from './session-packets.js'

export interface SliceOptions {
  /** Leaves out what data connections carry. */
  headersOnly: boolean
  /** Key logs besides those in the captures; what decrypts the sessions is put into the slice. */
  keyLogs: readonly Uint8Array[]
}

const KEEP: FrameChange = {}

/**
 * What of a capture belongs to chosen sessions: the packets of their connections and the ICMP errors about these, all
 * blocks without packets, and of the secrets those of these connections. Fragments are known as soon as their datagram
 * is complete, so the captures are read once to find them (`findFragments`), and once to copy.
 */
export class Slicer implements CopyRules {
  readonly #connections: readonly SessionConnection[]
  readonly #randoms: ReadonlySet<string>
  readonly #options: SliceOptions
  #decoder = new PacketDecoder(new AnomalyLog())
  #matcher: PacketMatcher
  /** Changes of the frames that are fragments of chosen packets. */
  readonly #fragments = new Map<number, FrameChange>()
  #secretsGiven: boolean
  /** Frames that were copied. */
  frames = 0

  constructor(sessions: readonly SessionPackets[], options: SliceOptions) {
    this.#connections = sessions.flatMap(({ connections }) => connections)
    this.#randoms = new Set(sessions.flatMap(({ clientRandoms }) => clientRandoms))
    this.#matcher = new PacketMatcher(this.#connections)
    this.#options = options
    this.#secretsGiven = options.keyLogs.length === 0
  }

  /** Rules for the first reading, which copies nothing. */
  get findFragments(): CopyRules {
    return {
      frame: (frame) => {
        const connection = this.#match(frame)
        if (connection && this.#decoder.packet.reassembled) this.#addFragments(this.#decoder.packet, connection)
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
    this.#decoder = new PacketDecoder(new AnomalyLog())
    this.#matcher = new PacketMatcher(this.#connections)
  }

  frame(frame: Frame): FrameChange | null {
    const connection = this.#match(frame)
    const change = this.#fragments.get(frame.number) ?? (connection && this.#whole(frame, connection))
    if (change) this.frames++
    return change
  }

  block(block: Uint8Array, type: number, little: boolean): Uint8Array | null {
    if (type !== BlockType.DecryptionSecrets) return takesFrameNumber(type) ? null : block
    const log = keyLogIn(block, little)
    return log && this.#secrets(log, little)
  }

  longBlock(type: number): boolean {
    return type !== BlockType.DecryptionSecrets && !takesFrameNumber(type)
  }

  afterHeader(little: boolean): Uint8Array[] {
    if (this.#secretsGiven) return []
    this.#secretsGiven = true
    return this.#options.keyLogs.map((log) => this.#secrets(log, little)).filter((block) => block !== null)
  }

  /** No frame gets a comment. */
  unwritten(): void {
    return
  }

  #match(frame: Frame): SessionConnection | null {
    const kind = this.#decoder.decode(frame)
    return this.#matcher.match(kind, this.#decoder.packet)
  }

  #whole(frame: Frame, { isData }: SessionConnection): FrameChange {
    const { packet } = this.#decoder
    if (!isData || !this.#options.headersOnly || packet.reassembled) return KEEP
    return packet.payloadEnd > packet.payloadStart ? { contentFrom: packet.payloadStart - frame.start } : KEEP
  }

  #addFragments(packet: Packet, { isData }: SessionConnection): void {
    const cut = isData && this.#options.headersOnly
    // Where the content begins in the datagram's payload.
    const header = packet.payloadStart - packet.segmentAt
    for (const { frame, at, offset } of packet.fragments)
      // Without their bytes the datagram could not be put together again.
      this.#fragments.set(frame, cut ? { contentFrom: at + Math.max(0, header - offset), zeros: true } : KEEP)
  }

  #secrets(log: Uint8Array, little: boolean): Uint8Array | null {
    const lines = chosenLines(log, this.#randoms)
    if (lines === '') return null
    const { type, bytes } = keyLogSecrets(lines)
    return decryptionSecrets(type, bytes, [], little)
  }
}
