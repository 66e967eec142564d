import { addressBytes } from './address-bytes.js'

export interface HostOptions {
  /**
   * TTL or hop limit of its packets as the capture sees it; default 64. 64, 128 and 255 mean that there is no router on
   * the path.
   */
  hopLimit?: number
  /** One-way delay to the capture point in milliseconds; default 0.03 without routers on the path, otherwise 10. */
  distance?: number
  /** Default 1460 for IPv4, 1440 for IPv6. */
  maximumSegmentSize?: number
  /** Receive window in bytes, default 64240. */
  window?: number
  /** Default 7; `null` for a host without the option. */
  windowScale?: number | null
  /** Sends the timestamps option (RFC 7323), default true. */
  timestamps?: boolean
  sackPermitted?: boolean
  /** TSval at the start of the scene, a clock of milliseconds; default made from the address. */
  timestampBase?: number
  /** First IP identification; default made from the address. */
  identification?: number
  /** Another address of the same machine: they act in turn. */
  machine?: Host
}

/** A host: the properties of its packets. Two hosts may share an address, like servers behind a load balancer. */
export class Host {
  readonly address: string
  readonly hopLimit: number
  readonly distance: number
  readonly maximumSegmentSize: number
  readonly window: number
  readonly windowScale: number | null
  readonly timestamps: boolean
  readonly sackPermitted: boolean
  /** Itself, or the host whose second address this is. */
  readonly machine: Host
  /** IPv4 identification before its first packet; one more for each. */
  readonly identification: number
  readonly #timestampBase: number

  constructor(address: string, options: HostOptions = {}) {
    const version6 = address.includes(':')
    const hash = addressBytes(address).reduce((sum, byte) => (Math.imul(sum, 31) + byte) >>> 0, options.hopLimit ?? 7)
    this.address = address
    this.hopLimit = options.hopLimit ?? 64
    this.distance = options.distance ?? ([64, 128, 255].includes(this.hopLimit) ? 0.03 : 10)
    this.maximumSegmentSize = options.maximumSegmentSize ?? (version6 ? 1440 : 1460)
    this.window = options.window ?? 64_240
    this.windowScale = options.windowScale === undefined ? 7 : options.windowScale
    this.timestamps = options.timestamps ?? true
    this.machine = options.machine ?? this
    this.sackPermitted = options.sackPermitted ?? true
    this.identification = options.identification ?? Math.imul(hash, 2654435761) >>> 16
    this.#timestampBase = options.timestampBase ?? Math.imul(hash, 40503) >>> 0
  }

  /** TSval at a time in nanoseconds: a clock of milliseconds. */
  timestampAt(time: number): number {
    return (this.#timestampBase + Math.floor(time / 1e6)) >>> 0
  }
}
