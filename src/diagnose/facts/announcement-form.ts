import type { DataChannel } from '../../correlate/model.js'
import type { Announcement } from '../../ftp/model.js'
import { announcesUnusable } from './announced-address.js'
import { departure, type Departure } from './departure.js'
import type { SessionFacts } from './session-facts.js'

/** What strict clients object to in the reply to a passive verb that a tolerant client can read. */
export type FormOddity =
  /** The reply of another verb: 227 to EPSV, 229 to PASV. */
  'other-reply' | 'no-parentheses' | 'several-lines' | 'spaces' | 'address-in-229'

/** A client that objects to the form of a reply does so as soon as it has read it. */
const MOMENT_NS = 5e9

/** `(192,0,2,9,195,80)`, and the same with spaces; the count of numbers was checked when it was parsed. */
const TUPLE = /\(\d{1,8}(?:,\d{1,8}){5,20}\)/
const SPACED_TUPLE = /\(\s{0,8}\d{1,8}(?:\s{0,8},\s{0,8}\d{1,8}){5,20}\s{0,8}\)/
const EXTENDED = /\(([!-~])[^()]{0,64}\1\)/
/** Characters searched. */
const SEARCHED = 4096

/** What is unusual about the form of an accepted and readable reply; `null` if nothing is. */
export function formOddity({ verb, reply, notes }: Announcement): FormOddity | null {
  if (!reply || verb === 'SPSV') return null
  if (notes.includes('other-family')) return 'other-reply'
  const text = reply.text.slice(0, SEARCHED)
  const parenthesized = reply.code === 229 ? EXTENDED.test(text) : SPACED_TUPLE.test(text)
  if (!parenthesized) return 'no-parentheses'
  if (notes.includes('address-in-229')) return 'address-in-229'
  if (text.includes('\n')) return 'several-lines'
  return reply.code === 229 || TUPLE.test(text) ? null : 'spaces'
}

/** A reply that the client did not use, and why: its form. */
export interface Unused {
  oddity: FormOddity
  step: Departure
}

/**
 * The form of the reply as the reason why the client never connected: it left, or tried another way, as soon as it had
 * read it, or later without the SYN that a capture at the client would show. A client that sends the transfer command
 * has understood the reply.
 */
export function unusedForItsForm(facts: SessionFacts, channel: DataChannel): Unused | null {
  const { announcement, mode, state, transfer } = channel
  if (mode !== 'passive' || state !== 'not-attempted' || transfer || !announcement?.accepted) return null
  if (announcement.malformed !== null || facts.hidden || facts.madeGood(channel)) return null
  if (announcesUnusable(facts.session, channel)) return null
  // A later announcement that was accepted shows what the client wanted.
  if (facts.lastAccepted > channel.id || facts.discouragement(channel)) return null
  const oddity = formOddity(announcement)
  const step = oddity && departure(facts, announcement.exchange)
  if (!oddity || !step) return null
  // The reply of another verb is no use to a client that waits either, and at the client its SYN would have been seen.
  const anyTime = oddity === 'other-reply' || facts.vantage.at === 'client'
  return anyTime || step.time - announcement.time < MOMENT_NS ? { oddity, step } : null
}
