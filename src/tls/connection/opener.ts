import type { Epoch } from './epochs.js'
import type { Plaintext, Protection } from './protection.js'

/** What may be spent on one record whose keys or sequence number are uncertain. */
export interface Effort {
  tries: number
  bytes: number
}

export interface Opened extends Plaintext {
  /** Records since the last one that was opened which nobody will see: not captured, damaged or not decrypted. */
  skipped: number
  /** It is the first that was opened under its keys. */
  changed: boolean
  sequence: number
  epoch: Epoch['name']
}

/** Records without success after which no more are tried. */
const MAX_FAILURES = 32
/** Seen at the least in a record: the tag; and its header. */
const SMALLEST_RECORD = 5 + 17

/** How many records may be among `bytes` bytes that are missing, together with those cut at both ends. */
export function recordsWithin(bytes: number): number {
  return Math.floor(bytes / SMALLEST_RECORD) + 2
}

/**
 * Opens the records of one direction: knows the keys and the next sequence number, and after a loss finds both again by
 * trying, since tag or MAC tell whether the guess is right.
 */
export class Opener {
  /** What the keys may be; a single one as soon as a record was opened. */
  #epochs: readonly Epoch[]
  /** Number of the record after the last one opened. */
  #next = 0
  /** Records seen since then, and how many more there may have been. */
  #unopened = 0
  /** Of these: records whose length was enough. */
  #measured = 0
  #mayMiss = 0
  /** Bytes missing since then: with the mean length of a record, an estimate of their number. */
  #missingBytes = 0
  #failures = 0
  #openedRecords = 0
  #openedBytes = 0
  #confirmed = false

  /** `passedBefore` records came before keys were found. `mayMiss`: more may have, when the beginning is missing. */
  constructor(epochs: readonly Epoch[], passedBefore: number, mayMiss: number) {
    this.#epochs = epochs
    this.#unopened = passedBefore
    this.#mayMiss = mayMiss
  }

  /** Tries failed so often that the keys cannot be right, or nothing fits any more. */
  get isHopeless(): boolean {
    return this.#failures >= MAX_FAILURES
  }

  /** A record was opened with these keys. */
  get isConfirmed(): boolean {
    return this.#confirmed
  }

  /** No record under the current keys was opened so far. */
  get isAtStart(): boolean {
    return this.#next === 0
  }

  get epoch(): Epoch['name'] {
    return this.#epochs[0]!.name
  }

  /** Bytes are missing before the next record. */
  lost(bytes: number, mayMiss: number): void {
    this.#mayMiss += mayMiss
    this.#missingBytes += bytes
    this.#passed(null)
  }

  /** The keys of application data, once they have been proven; `null` before. */
  get proven(): Protection | null {
    return this.#confirmed && this.epoch === 'application' ? this.#epochs[0]!.protection : null
  }

  /** Records were seen whose length is enough: they are not missed when the next one is opened. */
  measured(count: number, tail: Uint8Array | null): void {
    if (this.#unopened === 0 && this.#mayMiss === 0) this.#next += count
    else {
      this.#unopened += count
      this.#measured += count
    }
    this.#passed(tail)
  }

  /** A record was seen and not opened; `null` if parts of it are missing. */
  pass(body: Uint8Array | null): void {
    this.#unopened++
    this.#passed(body)
  }

  /** Other keys follow (Finished, KeyUpdate). */
  advance(): void {
    const next = this.#epochs[0]!.next()
    if (next) this.#follow(next, 0)
  }

  /** Plaintext of a record, or `null`: then it has passed, unless it `mayBeForeign` (early data under other keys). */
  open(type: number, version: number, body: Uint8Array, effort: Effort, mayBeForeign = false): Opened | null {
    const opened = this.isHopeless ? null : this.#try(type, version, body, effort)
    if (opened) {
      this.#failures = 0
      this.#openedRecords++
      this.#openedBytes += body.length
      this.#passed(body)
    } else if (!mayBeForeign) {
      this.#failures++
      this.pass(body)
    }
    return opened
  }

  #try(type: number, version: number, body: Uint8Array, effort: Effort): Opened | null {
    if (this.#epochs.length === 1 && this.#mayMiss === 0) {
      const [epoch, sequence] = [this.#epochs[0]!, this.#next + this.#unopened]
      const plain = attempt(epoch.protection, sequence, type, version, body, effort)
      return plain ? this.#opened(plain, epoch, sequence, false) : this.#tryNext(type, version, body, effort)
    }
    for (const distance of this.#distances()) {
      for (const epoch of this.#epochs) {
        if (effort.tries <= 0 || effort.bytes <= 0) return null
        const plain = attempt(epoch.protection, this.#next + this.#unopened + distance, type, version, body, effort)
        if (plain) return this.#opened(plain, epoch, this.#next + this.#unopened + distance, false)
      }
    }
    return this.#tryNext(type, version, body, effort)
  }

  /** The message after which the keys change may be among those lost: their records are numbered from 0. */
  #tryNext(type: number, version: number, body: Uint8Array, effort: Effort): Opened | null {
    for (const epoch of this.#epochs) {
      const next = epoch.next()
      for (let sequence = 0; next && sequence <= this.#unopened + this.#mayMiss; sequence++) {
        if (effort.tries <= 0 || effort.bytes <= 0) return null
        const plain = attempt(next.protection, sequence, type, version, body, effort)
        if (plain) return this.#opened(plain, next, sequence, true)
      }
    }
    return null
  }

  /** How many lost records to assume: first the number expected by their bytes, then those around it. */
  *#distances(): Generator<number> {
    const mean = this.#openedRecords > 0 ? this.#openedBytes / this.#openedRecords + 5 : 0
    const expected = mean > 0 ? Math.min(this.#mayMiss, Math.round(this.#missingBytes / mean)) : 0
    yield expected
    for (let away = 1; away <= this.#mayMiss; away++) {
      if (expected - away >= 0) yield expected - away
      if (expected + away <= this.#mayMiss) yield expected + away
    }
  }

  #opened(plain: Plaintext, epoch: Epoch, sequence: number, changed: boolean): Opened {
    const skipped = (changed ? this.#unopened + sequence : sequence - this.#next) - this.#measured
    this.#follow(epoch, sequence + 1)
    this.#confirmed = true
    epoch.confirmed()
    const { type, content, padded } = plain
    return { type, content, padded, skipped: Math.max(0, skipped), changed, sequence, epoch: epoch.name }
  }

  #follow(epoch: Epoch, next: number): void {
    this.#epochs = [epoch]
    this.#next = next
    this.#unopened = 0
    this.#measured = 0
    this.#mayMiss = 0
    this.#missingBytes = 0
  }

  #passed(body: Uint8Array | null): void {
    for (const epoch of this.#epochs) epoch.protection?.passed(body)
  }
}

function attempt(
  protection: Protection | null,
  sequence: number,
  type: number,
  version: number,
  body: Uint8Array,
  effort: Effort,
): Plaintext | null {
  if (!protection) return null
  effort.tries--
  effort.bytes -= body.length
  return protection.open(sequence, type, version, body)
}
