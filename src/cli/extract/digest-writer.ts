import { createHash, type Hash } from 'node:crypto'
import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs'
import type { FileDigests, FileGap } from '../../report/extract/contract.js'
import { attempt } from './spool.js'

const ZEROS = Buffer.alloc(1 << 16)
/** Zeros in one file: a capture may claim that more is missing than anyone sent. */
const LARGEST_HOLES = 2 ** 30

/** Takes the bytes of a file in order: their digests, and what is beyond a limit. */
export class Digester {
  readonly #hashes: readonly [Hash, Hash, Hash] = [createHash('md5'), createHash('sha1'), createHash('sha256')]
  size = 0

  update(bytes: Uint8Array): void {
    for (const hash of this.#hashes) hash.update(bytes)
    this.size += bytes.length
  }

  zeros(length: number): void {
    for (let left = length; left > 0; left -= ZEROS.length) this.update(ZEROS.subarray(0, Math.min(left, ZEROS.length)))
  }

  digests(): FileDigests {
    const [md5, sha1, sha256] = this.#hashes.map((hash) => hash.digest('hex'))
    return { size: this.size, md5: md5!, sha1: sha1!, sha256: sha256! }
  }
}

/** Writes a file up to a limit, unless `path` is `null`, and computes its digests. */
export class DigestWriter {
  readonly gaps: FileGap[] = []
  /** Bytes beyond the limit. */
  leftOut = 0
  readonly #digester = new Digester()
  readonly #path: string
  readonly #descriptor: number | null
  readonly #most: number
  #holes = 0

  constructor(path: string | null, most: number) {
    this.#path = path ?? ''
    this.#most = most
    this.#descriptor = path === null ? null : attempt(() => openSync(path, 'wx'), path)
  }

  write(bytes: Uint8Array): void {
    const room = this.#room(bytes.length)
    if (room > 0) {
      const part = bytes.subarray(0, room)
      const descriptor = this.#descriptor
      const start = this.#digester.size
      if (descriptor !== null)
        for (let at = 0; at < room;)
          at += attempt(() => writeSync(descriptor, part, at, room - at, start + at), this.#path)
      this.#digester.update(part)
    }
    this.leftOut += bytes.length - room
  }

  /** So many bytes are missing. */
  missing(length: number | null): void {
    const room = this.#room(length ?? 0)
    if (this.leftOut > 0 || room < (length ?? 0) || this.#holes + room > LARGEST_HOLES) {
      this.leftOut += Math.max(length ?? 0, 1)
      return
    }
    this.gaps.push({ at: this.#digester.size, length })
    this.#holes += room
    this.#digester.zeros(room)
  }

  end(): FileDigests {
    const { size } = this.#digester
    if (this.#descriptor !== null) {
      const descriptor = this.#descriptor
      // A hole at the end has not been written.
      attempt(() => {
        ftruncateSync(descriptor, size)
      }, this.#path)
    }
    this.close()
    return this.#digester.digests()
  }

  close(): void {
    if (this.#descriptor !== null) closeSync(this.#descriptor)
  }

  /** After something was left out, nothing follows. */
  #room(length: number): number {
    return this.leftOut > 0 ? 0 : Math.min(length, this.#most - this.#digester.size)
  }
}
