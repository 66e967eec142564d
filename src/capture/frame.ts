import type { CaptureSecrets } from './capture-file.js'
/** One captured frame. There is one instance per reader, overwritten by the next frame: copy what has to be kept. */
export class Frame {
  /** Wireshark's `frame.number`: 1-based, counted over all input files in order. */
  number = 0
  /** Nanoseconds since the first frame of the input; negative when the clock went backwards. */
  time = 0
  /** Buffer that holds the captured bytes, from `start` up to `end`. */
  bytes: Uint8Array = new Uint8Array(0)
  start = 0
  end = 0
  /** Length on the wire; more than was captured where a snap length applied. */
  wireLength = 0
  /** LINKTYPE_ value of the interface (https://www.tcpdump.org/linktypes.html). */
  linkType = 0
}

/** Receives frames from a reader. */
export interface FrameSink {
  frame(frame: Frame): void
  /** The next frame begins a file that was captured elsewhere: another observation point. */
  newObservationPoint?(): void
  /** A Decryption Secrets Block, which may come anywhere in the file. */
  secrets?(secrets: CaptureSecrets): void
  /** A record of a Name Resolution Block: the 4 or 16 bytes of an address, valid until it returns, and the name. */
  hostName?(address: Uint8Array, name: string): void
}
