/** The dialogue as inferred, in the form of one that was read: rules judge both alike. */
import { type Dialogue, type Exchange, FROM_CLIENT, type Reply } from '../model.js'
import { Interpreter } from '../state/interpreter.js'
import { KNOWN_SERVERS } from './reply-model.js'
import type { Inference, InferredRecord } from './model.js'

/** A copy of a dialogue, followed by what TLS hides of it. Arguments stay unknown, and so does who logged in. */
export function inferredDialogue(dialogue: Dialogue, { records, server }: Inference): Dialogue {
  const copy: Dialogue = {
    ...dialogue,
    exchanges: [...dialogue.exchanges],
    announcements: [...dialogue.announcements],
    transfers: [...dialogue.transfers],
    serverSoftware: dialogue.serverSoftware ?? (server !== null && server in KNOWN_SERVERS ? server : null),
    decryption: { hiddenFrom: null },
  }
  const reader = new InferenceReader(copy)
  for (const record of records) reader.record(record)
  for (const announcement of copy.announcements) {
    if (!announcement.exchange.encrypted) continue
    // What was announced is unknown, which is not the same as malformed.
    announcement.malformed = null
    announcement.cutPorts = null
    announcement.notes = []
  }
  return copy
}

/** Pairs inferred commands with inferred replies, in order. */
class InferenceReader {
  readonly #dialogue: Dialogue
  readonly #interpreter: Interpreter
  /** Commands that wait for their reply; `null` for one that is not known. */
  #pending: (Exchange | null)[] = []
  #before: InferredRecord | null = null

  constructor(dialogue: Dialogue) {
    this.#dialogue = dialogue
    this.#interpreter = new Interpreter(dialogue, () => undefined, false)
  }

  record(record: InferredRecord): void {
    if (record.direction === FROM_CLIENT) this.#command(record)
    else this.#reply(record)
    this.#before = record
  }

  #command({ frame, time, command }: InferredRecord): void {
    if (command === null) {
      this.#pending.push(null)
      return
    }
    const exchange = inferredExchange(frame, time, command)
    this.#dialogue.exchanges.push(exchange)
    this.#pending.push(exchange)
    this.#interpreter.command(exchange, true, () => null)
  }

  #reply(record: InferredRecord): void {
    const { frame, time, code, text } = record
    const before = this.#before
    // Another line of the same reply.
    if (before && before.direction !== FROM_CLIENT && before.code === code) return
    const asked = this.#pending[0]
    if (code === null || asked === null) {
      if (code === null || code >= 200) this.#pending.shift()
      return
    }
    const reply = inferredReply(frame, time, code, text ?? '')
    const exchange = asked ?? inferredExchange(frame, time, null)
    if (!asked) this.#dialogue.exchanges.push(exchange)
    exchange.replies.push(reply)
    this.#interpreter.reply(exchange, reply, true)
    if (code >= 200) this.#pending.shift()
  }
}

function inferredExchange(frame: number, time: number, command: string | null): Exchange {
  return {
    frame,
    time,
    command,
    argument: null,
    replies: [],
    lineEnd: 'crlf',
    // Of its argument not even the length is said.
    clipped: true,
    form: 'plain',
    encrypted: true,
    streamStart: -1,
    streamEnd: -1,
  }
}

function inferredReply(frame: number, time: number, code: number, text: string): Reply {
  return { frame, time, code, text, preliminary: code < 200, lineEnd: 'crlf', unfinished: false, clipped: false }
}
