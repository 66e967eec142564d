import { RECORD_HEADER, ContentType } from '../record-layer.js'
import type { Suite } from '../suites/suites.js'
import type { ContentState } from './content-state.js'
import type { Opened, Opener } from './opener.js'
import type { Protection } from './protection.js'
import { WHOLE, type WireRecord } from './side.js'

/** In TLS 1.3 the type of a record is encrypted: shorter ones may be tickets, alerts or other messages. */
const LONGEST_MESSAGE = 4096
/** Held of a direction while its keys are not known: long records, one of which may be a handshake's, and others. */
const MOST_LONG = 2
const MOST_SHORT_BYTES = 48 * 1024
/** Longer than an alert or a KeyUpdate. */
const SHORTEST_CONTENT = 64
/** The last two blocks of a record and a MAC after them. */
const LONGEST_TAIL = 80

/** Decides of which records the length is enough. */
export class Sampling {
  readonly #wanted: number

  /** `wanted`: bytes of application data of each direction that are to be decrypted. */
  constructor(wanted: number) {
    this.#wanted = wanted
  }

  /** Bytes that are wanted at the end of an encrypted record. */
  wanted(content: ContentState, opener: Opener | null, type: number, length: number, suite: Suite | null): number {
    if (this.#wanted === WHOLE || type !== ContentType.ApplicationData) return WHOLE
    if (!opener) return this.#wantedOfHeld(content, length, suite)
    const tail = opener.proven?.tail ?? null
    if (tail === null || content.padded || content.decrypted < this.#wanted) return WHOLE
    return suite?.tls13 === false || length > LONGEST_MESSAGE ? tail : WHOLE
  }

  /** A record waits for its keys. */
  held(content: ContentState, { body, length }: WireRecord): void {
    if (body === null) return
    if (length > LONGEST_MESSAGE) content.heldLong++
    else content.heldShort += length
  }

  #wantedOfHeld({ heldLong, heldShort }: ContentState, length: number, suite: Suite | null): number {
    if (length > LONGEST_MESSAGE ? heldLong < MOST_LONG : heldShort < MOST_SHORT_BYTES || length <= SHORTEST_CONTENT)
      return WHOLE
    return suite?.cipher === 'aes-cbc' ? LONGEST_TAIL : 0
  }
}

/**
 * Length of what lost records contained, of `bytes` in all; `null` if unknown. `mayBeMessages`: no application data
 * came before them, and their sender may have begun with tickets.
 */
export function lostContent(
  { changed, sequence, skipped }: Opened,
  bytes: number,
  proven: Protection | null,
  { isTls13, mayBeMessages }: { isTls13: boolean; mayBeMessages: boolean },
): number | null {
  // Under the keys before there was no application data, and none of these keys' records is missing.
  if (changed && sequence === 0) return 0
  if (!isTls13 && sequence === skipped) return lostFinished(skipped)
  if (changed || !proven || proven.tail !== 0 || mayBeMessages) return null
  const added = ADDED_TO - proven.contentLength(ADDED_TO, NOTHING)!
  const content = bytes - skipped * (RECORD_HEADER + added)
  return content >= 0 ? content : null
}

/** Up to TLS 1.2 the first record is Finished, and those in the clear before it may be lost as well. */
function lostFinished(skipped: number): number | null {
  return skipped === 1 ? 0 : null
}

/** Of any record long enough, to see how many of its bytes are not content. */
const ADDED_TO = 1024
const NOTHING = new Uint8Array(0)
