/** The dialogue of RFC 959 and RFC 4217: what each record may be, and how likely that is. */
import { FROM_CLIENT } from '../model.js'
import { argumentOf, type CommandContext, shareOfCommand, VERBS, verbLength } from './commands.js'
import { nextVerbs } from './habits.js'
import { around, type Range, shareOf } from './lengths.js'
import type { DataOpening, HiddenRecord } from './model.js'
import { type CommandShares, RecordKnowledge } from './record-knowledge.js'
import type { ReplyModel } from './reply-model.js'
import {
  ANNOUNCING,
  answered,
  answeredInPart,
  answeredForBoth,
  asked,
  isAborted,
  type Pending,
  type State,
  TRANSFERS,
  UPLOADS,
  waiting,
} from './state.js'
import { shareOfLines, type Template, type Variables } from './template.js'
import type { Occasion, Verb } from './texts/server-texts.js'

/** A record of the dialogue, or the opening of a data connection. */
export type Event = RecordEvent | OpeningEvent

export interface OpeningEvent {
  kind: 'opening'
  opening: DataOpening
  /** It follows a reply at once, as clients open what they were told. */
  prompt: boolean
}

export interface RecordEvent {
  kind: 'record'
  index: number
  record: HiddenRecord
  /** The data connection opened before it, and the next one if it is opened soon. */
  before: DataOpening | null
  after: DataOpening | null
  /** Length of the tuple in PORT or 227 with the sender's own address; `null` over IPv6. */
  ownTuple: Range | null
}

/** What a record is: the verb of a command, the reply, or neither. */
export type Label = Verb | Template | 'ticket' | 'unknown'

/** Takes the moves of a state. */
export interface Moves {
  /** No move that is less likely is followed. */
  readonly least: number
  /** Whether a move that is so likely is followed: then `to` says at once where it leads. */
  follows(likelihood: number): boolean
  to(state: State, label: Label): void
}

/** How the dialogue ended. */
export interface Ending {
  /** The control connection was closed after the last record. */
  closed: boolean
  /** Clear text followed (CCC). */
  clearText: boolean
}

/** Commands that are sent before their predecessors are answered: few clients do, and not many at a time. */
const MOST_PENDING = 3
const PIPELINED = 0.02
/** A command during a transfer. */
const DURING_TRANSFER = 0.01
/** A command after QUIT, or after CCC under TLS. */
const AFTER_THE_END = 0.003
/** A transfer and its ABOR in one record, which lftp sends once PORT was refused; ABOR with its line end. */
const ABORTED_AT_ONCE = 0.005
const ABORTED_AFTER_REFUSAL = 0.1
const ABOR_LENGTH = 6
/** A transfer that ABOR ends is answered by the reply to ABOR alone; its data connection fails before that. */
const ONE_REPLY_FOR_BOTH = 0.3
const FAILED_BEFORE_ABORT = 1e-3
const UNKNOWN_COMMAND = 0.003
const UNKNOWN_REPLY = 0.002
/** What the grammar does not allow happens all the same. */
const IMPOSSIBLE = 1e-9
/** A record of unknown meaning may have any length. */
const ANY_LENGTH = around(30, 1)
/** Multi-line replies that are sent line by line, or in a few pieces. */
const IN_PIECES = 0.4
const ANOTHER_PIECE = 0.8
const PIECE = around(30, 3)
/** OpenSSL sends two of the same length. */
const TICKET = 0.5
const TICKET_LENGTHS = around(220, 40)
const EQUAL_TICKET = 0.9
const UNASKED = 0.01
/** A data connection without an announcement before it, and an announcement without one after it. */
const UNEXPECTED_OPENING = 0.003
const NO_OPENING = 0.3
/** A connection to a third host that is not for data: at any time, and right after a reply. */
const UNRELATED = 0.3
const UNRELATED_AT_ONCE = 0.002
/** A transfer in the other direction than its data connection, and one without any data. */
const OTHER_DIRECTION = 0.01
const NO_DATA = 0.2
/** A transfer that completed without a data connection. */
const NO_CONNECTION = 0.02
/** 125 without a data connection, and 150 with one where the server knows 125 as well (RFC 959 §5.4). */
const OTHER_PRELIMINARY = 0.05
const OTHER_ANNOUNCEMENT = 0.15
/** TLS of the data connection failed (RFC 4217 §10.2). */
const TLS_FAILED = 522
const NO_GOODBYE = 0.3
const NOT_CCC = 1e-4

/** The moves that a dialogue can make, by the texts of one server. */
export class Grammar {
  readonly #replies: ReplyModel
  readonly #records: readonly HiddenRecord[]
  /** Length of the server's address as text. */
  readonly #server: number
  /** Any data connection of the session was captured: one that is missing says something. */
  readonly #seesData: boolean
  /** What was found for the current record. */
  #known = new RecordKnowledge(-1)

  constructor(replies: ReplyModel, records: readonly HiddenRecord[], server: number, seesData: boolean) {
    this.#replies = replies
    this.#records = records
    this.#server = server
    this.#seesData = seesData
  }

  moves(state: State, event: Event, moves: Moves): void {
    if (event.kind === 'opening') openings(state, event, moves)
    else if (event.record.direction === FROM_CLIENT) this.#command(state, event, moves)
    else this.#reply(state, event, moves)
  }

  /** How well a state fits the end of the dialogue. */
  ending({ last }: State, { closed, clearText }: Ending): number {
    if (clearText) return last === 'CCC' ? 1 : NOT_CCC
    if (last === 'CCC') return AFTER_THE_END
    return closed && last !== 'QUIT' ? NO_GOODBYE : 1
  }

  #command(state: State, event: RecordEvent, moves: Moves): void {
    const { pending, last, login, data } = state
    if (pending.length >= MOST_PENDING) {
      if (moves.follows(IMPOSSIBLE)) moves.to(state, 'unknown')
      return
    }
    const waits = pending[0]
    let factor = waits ? (waits.running ? DURING_TRANSFER : PIPELINED) : 1
    if (last === 'QUIT' || last === 'CCC' || state.over) factor *= AFTER_THE_END
    // A client that goes on without the connection it asked for.
    if (this.#seesData && data === 'passive' && last !== 'EPSV' && last !== 'PASV') factor *= NO_OPENING
    const { alone, withAbort } = this.#sharesOfCommands(state, event)
    const known = this.#knownOf(event.index)
    const used = data === 'none' ? null : data === 'connected' ? event.before : event.after
    const wasRefused = data === 'none' && last !== null && ANNOUNCING.has(last)
    const refused = wasRefused ? (factor * ABORTED_AFTER_REFUSAL) / TRANSFERS.size : null
    const next = nextVerbs({ last, loggedIn: login === 'accepted', prepared: data !== 'none' })
    for (let index = 0; index < VERBS.length; index++) {
      const verb = VERBS[index]!
      const weight = next[index]! * factor * directionFactor(verb, used) * habitFactor(verb, state)
      const likelihood = weight * alone[index]!
      if (likelihood >= moves.least && moves.follows(likelihood))
        moves.to(asked(state, verb, known.waiting(index)), verb)
      const both = withAbort[index]!
      if (both > 0 && moves.follows(both * (refused ?? weight * ABORTED_AT_ONCE)))
        moves.to(askedAndAborted(state, verb, event.index), verb)
    }
    const unknown = UNKNOWN_COMMAND * shareOf(ANY_LENGTH, event.record.least, event.record.most) * factor
    if (moves.follows(Math.max(unknown, IMPOSSIBLE)))
      moves.to(asked(state, null, waiting(null, event.index)), 'unknown')
  }

  /** How well the length of a record fits each verb, alone and with an ABOR behind it. */
  #sharesOfCommands({ last, lastRecord }: State, { index, record, ownTuple }: RecordEvent): CommandShares {
    const { commands } = this.#knownOf(index)
    const before = last !== null && lastRecord >= 0 ? argumentOf(last, this.#records[lastRecord]!) : null
    for (const each of commands)
      if (each.before?.least === before?.least && each.before?.most === before?.most) return each
    const context: CommandContext = { before, ownTuple, server: this.#server }
    const shorter = without(ABOR_LENGTH, record)
    const shares: CommandShares = {
      before,
      alone: VERBS.map((verb) => shareOfCommand(verb, record, context)),
      withAbort: VERBS.map((verb) => (TRANSFERS.has(verb) ? shareOfCommand(verb, shorter, context) : 0)),
    }
    commands.push(shares)
    return shares
  }

  #knownOf(index: number): RecordKnowledge {
    if (this.#known.index !== index) this.#known = new RecordKnowledge(index)
    return this.#known
  }

  #reply(state: State, event: RecordEvent, moves: Moves): void {
    const { record } = event
    if (state.over) {
      if (moves.follows(IMPOSSIBLE)) moves.to(state, 'unknown')
      return
    }
    const waits = state.pending[0]
    this.#ticket(state, record, moves)
    const variables = this.#variables(state, waits, event)
    if (!waits) this.#unasked(state, record, variables, moves)
    else if (waits.open) this.#goesOn(state, waits, record, variables, moves)
    else this.#begins(state, waits, event, variables, moves)
    const unknown = UNKNOWN_REPLY * shareOf(ANY_LENGTH, record.least, record.most) * (waits ? 1 : UNASKED)
    if (moves.follows(Math.max(unknown, IMPOSSIBLE)))
      moves.to({ ...state, pending: state.pending.slice(1), ticket: null }, 'unknown')
  }

  #unasked(state: State, record: HiddenRecord, variables: Variables, moves: Moves): void {
    for (const label of this.#replies.replies('UNASKED')) {
      const likelihood = UNASKED * label.weight * shareOfLines(label, 0, label.lines.length, record, variables)
      if (moves.follows(likelihood)) moves.to({ ...state, over: true, ticket: null }, label)
    }
  }

  #begins(state: State, waits: Pending, event: RecordEvent, variables: Variables, moves: Moves): void {
    const { record } = event
    if (waits.running && isAborted(state)) this.#answersBoth(state, record, variables, moves)
    const replies = this.#replies.replies(waits.running ? 'END' : waits.occasion)
    const knows125 = !waits.running && replies[0]!.code === 125
    const transfers = TRANSFERS.has(waits.occasion)
    const shares = this.#sharesOfReplies(replies, state, waits, event, variables)
    for (let index = 0; index < replies.length; index++) {
      const label = replies[index]!
      const { lines, code } = label
      const factor = transfers ? this.#connectionFactor(state, waits, event, code, knows125) : 1
      const weight = label.weight * factor
      const whole = lines.length > 1 ? 1 - IN_PIECES : 1
      const likelihood = weight * whole * shares[index]!
      if (likelihood >= moves.least && moves.follows(likelihood)) moves.to(answered(state, waits, label), label)
      if (lines.length > 1) this.#lines(state, waits, label, 0, weight * IN_PIECES, record, variables, moves)
    }
  }

  /** How well the length of a record fits each reply as a whole. */
  #sharesOfReplies(
    replies: readonly Template[],
    { userRecord }: State,
    { occasion, record: asked, others }: Pending,
    { index, record }: RecordEvent,
    variables: Variables,
  ): readonly number[] {
    const known = this.#knownOf(index).replies
    for (const each of known)
      if (
        each.replies === replies &&
        each.occasion === occasion &&
        each.asked === asked &&
        each.others === others &&
        each.userRecord === userRecord
      )
        return each.shares
    const shares = replies.map((label) => shareOfLines(label, 0, label.lines.length, record, variables))
    known.push({ replies, occasion, asked, others, userRecord, shares })
    return shares
  }

  #answersBoth(state: State, record: HiddenRecord, variables: Variables, moves: Moves): void {
    for (const label of this.#replies.replies('ABOR')) {
      const share = shareOfLines(label, 0, label.lines.length, record, variables)
      const likelihood = ONE_REPLY_FOR_BOTH * label.weight * share
      if (moves.follows(likelihood)) moves.to(answeredForBoth(state, label), label)
    }
  }

  #goesOn(state: State, waits: Pending, record: HiddenRecord, variables: Variables, moves: Moves): void {
    const { template: label, line } = waits.open!
    if (label.lines[line]!.parts[0] !== 'lines') {
      this.#lines(state, waits, label, line, 1, record, variables, moves)
      return
    }
    const piece = ANOTHER_PIECE * shareOf(PIECE, record.least, record.most)
    if (moves.follows(piece)) moves.to(state, label)
    const end = (1 - ANOTHER_PIECE) * shareOfLines(label, line + 1, label.lines.length, record, variables)
    if (moves.follows(end)) moves.to(answered(state, waits, label), label)
  }

  /** Some lines of a reply, from `first` on, but not all of it. */
  #lines(
    state: State,
    waits: Pending,
    label: Template,
    first: number,
    weight: number,
    record: HiddenRecord,
    variables: Variables,
    moves: Moves,
  ): void {
    const { lines } = label
    for (let end = first + 1; end <= lines.length; end++) {
      if (first === 0 && end === lines.length) return
      const likelihood = (weight * shareOfLines(label, first, end, record, variables)) / (lines.length - first)
      if (moves.follows(likelihood)) {
        const isLast = end === lines.length
        moves.to(isLast ? answered(state, waits, label) : answeredInPart(state, waits, label, end), label)
      }
      if (lines[end]?.parts[0] === 'lines') return
    }
  }

  #ticket(state: State, record: HiddenRecord, moves: Moves): void {
    if (state.ticket === null) return
    const share = shareOf(TICKET_LENGTHS, record.least, record.most)
    const again = record.least === state.ticket ? EQUAL_TICKET : (1 - EQUAL_TICKET) * share
    const likelihood = TICKET * (state.ticket > 0 ? again : share)
    if (moves.follows(likelihood)) moves.to({ ...state, ticket: record.least }, 'ticket')
  }

  /** How well a reply to a transfer fits the data connection. */
  #connectionFactor(state: State, { running }: Pending, event: RecordEvent, code: number, knows125: boolean): number {
    const connected = state.data === 'connected'
    if (running && code === TLS_FAILED) return isAborted(state) ? FAILED_BEFORE_ABORT : connected ? 1 : NO_DATA
    if (code === 125) return connected ? 1 : OTHER_PRELIMINARY
    if (code === 150) return connected && knows125 ? OTHER_PRELIMINARY : 1
    if (!running || code >= 300 || !this.#seesData) return 1
    if (!connected || !event.before?.established) return NO_CONNECTION
    return event.before.sender === null ? NO_DATA : 1
  }

  #variables(state: State, waits: Pending | undefined, { after, ownTuple }: RecordEvent): Variables {
    const verb = waits && isVerb(waits.occasion) ? waits.occasion : null
    const asked = waits && waits.record >= 0 ? this.#records[waits.record]! : null
    return {
      argument: verb && asked ? argumentOf(verb, without(waits!.others, asked)) : { least: 0, most: 0 },
      user: state.userRecord >= 0 ? argumentOf('USER', this.#records[state.userRecord]!) : null,
      verb: verb ? verbLength(verb) : 4,
      portDigits: after && after.address === undefined ? String(after.port).length : null,
      ownTuple,
    }
  }
}

function askedAndAborted(state: State, verb: Verb, record: number): State {
  return asked(asked(state, verb, waiting(verb, record, ABOR_LENGTH)), 'ABOR', waiting('ABOR', record))
}

function without(bytes: number, { least, most }: Range): Range {
  return { least: Math.max(0, least - bytes), most: most - bytes }
}

const VERB_SET = new Set<string>(VERBS)

function isVerb(occasion: Occasion): occasion is Verb {
  return VERB_SET.has(occasion)
}

function openings(state: State, { opening, prompt }: OpeningEvent, moves: Moves): void {
  if (opening.address === undefined) {
    ownOpening(state, opening, moves)
    return
  }
  // A connection to a third host may have nothing to do with the session; the host that EPSV means is the server.
  const unrelated = prompt ? UNRELATED_AT_ONCE : UNRELATED
  if (moves.follows(state.data === 'passive' ? unrelated : 1)) moves.to(state, 'unknown')
  if (state.data !== 'passive') return
  const likelihood = state.announced === 'PASV' ? 1 - unrelated : UNEXPECTED_OPENING
  if (moves.follows(likelihood)) moves.to({ ...state, data: 'connected' }, 'unknown')
}

function ownOpening(state: State, { mode }: DataOpening, moves: Moves): void {
  const expected = state.data === mode
  if (moves.follows(expected ? 1 : UNEXPECTED_OPENING))
    moves.to(expected ? { ...state, data: 'connected' } : state, 'unknown')
}

/** How well a transfer fits what its data connection carried. */
function directionFactor(verb: Verb, used: DataOpening | null): number {
  if (!used || !TRANSFERS.has(verb)) return 1
  if (used.sender === null) return used.established ? NO_DATA : 1
  return (used.sender === 'client') === UPLOADS.has(verb) ? 1 : OTHER_DIRECTION
}

/** Clients keep to the verb that worked. */
function habitFactor(verb: Verb, { announced }: State): number {
  return announced !== null && announced !== verb && ANNOUNCING.has(verb) ? OTHER_ANNOUNCEMENT : 1
}
