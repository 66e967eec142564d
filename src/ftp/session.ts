import type { AnomalyLog } from '../bytes/anomaly.js'
import { decodeText } from '../bytes/text.js'
import { type Direction, opposite } from '../tcp/connection.js'
import { type Command, isComplete, parseCommand } from './command.js'
import { ExchangeLog, shortenedWords, uncodedLine } from './exchange-log.js'
import { Interpreter } from './state/interpreter.js'
import { type DirectionEvents, DirectionReader } from './lines/direction-reader.js'
import { DEFAULT_FTP_LIMITS, type FtpLimits } from './limits.js'
import { hasControls, isBlank, lineEndOf } from './lines/line-content.js'
import type { Line } from './lines/line-splitter.js'
import {
  FROM_CLIENT,
  FROM_SERVER,
  emptyDialogue,
  type Dialogue,
  type Exchange,
  type PlaceInSegment,
  type Reply,
} from './model.js'
import { OtherProtocol } from './recognition/other-protocol.js'
import { Pairing } from './pairing.js'
import { ReplyAssembler, type ReplyEvent } from './reply.js'
import type { Place } from '../tls/events.js'
import type { TlsFacts } from '../tls/tls-facts.js'
import type { DecryptedText, Decryptor } from './tls/decryption.js'
import { failureText } from './tls/failure-text.js'
import type { ControlSessionOptions } from './session-options.js'
import { TlsObserver } from './tls/tls-observer.js'
import { Fragments } from './secrets/fragments.js'
import { isKnownVerb } from './verbs.js'

/** Number of binary lines after which a direction is assumed to be encrypted. */
const BINARY_LINES = 3
/** Approximate memory of a TLS record that is kept. */
export const RECORD_BYTES = 88

/**
 * Reads the two directions of one control connection into a `Dialogue`, independent of segmentation. Bytes arrive in
 * causal order: a reply after the command that it answers.
 */
export class ControlSession {
  readonly dialogue: Dialogue = emptyDialogue()
  readonly #port: number
  readonly #anomalies: AnomalyLog
  readonly #limits: FtpLimits
  readonly #readers: readonly [DirectionReader, DirectionReader]
  readonly #log: ExchangeLog
  readonly #replies: ReplyAssembler
  readonly #pairing: Pairing
  readonly #interpreter: Interpreter
  readonly #other: OtherProtocol
  readonly #tls: TlsObserver
  readonly #decryptor: Decryptor | null
  readonly #fragments: Fragments
  /** Frame and time of the bytes being read. */
  #frame = 0
  #time = 0
  /** Offset in the other direction up to which the sender of the bytes being read had received; -1 if unknown. */
  #received = -1
  /** Stream offsets of the segment being read. */
  #segmentStart = 0
  #segmentEnd = 0
  /** Position in its segment of the current line. */
  #place: PlaceInSegment | null = null
  readonly #binaryLines: [number, number] = [0, 0]
  /** The current line is complete. */
  #lineComplete = true
  /** It was under TLS. */
  #encrypted = false
  #ended = false

  constructor(options: ControlSessionOptions) {
    this.#port = options.port
    this.#anomalies = options.anomalies
    this.#limits = { ...DEFAULT_FTP_LIMITS, ...options.limits }
    const { lineBytes } = this.#limits
    const events = this.#events()
    this.#decryptor = options.decryptor?.(this.dialogue, this.#decrypted()) ?? null
    this.#readers = [
      new DirectionReader(FROM_CLIENT, lineBytes, events, this.#decryptor),
      new DirectionReader(FROM_SERVER, lineBytes, events, this.#decryptor),
    ]
    this.#log = new ExchangeLog(this.dialogue.exchanges, this.#limits, (what) => {
      const [kind, words] = shortenedWords(what, this.#limits)
      this.#note(kind, words)
    })
    this.#fragments = new Fragments(this.dialogue, (text) => this.#log.keep(text), this.#limits.exchanges)
    this.#replies = new ReplyAssembler(this.#limits.replyText, (event) => {
      this.#replyEvent(event)
    })
    this.#pairing = new Pairing(this.#limits.openCommands)
    this.#interpreter = new Interpreter(
      this.dialogue,
      (announcement) => options.onAnnouncement?.(announcement, this.#place),
      options.midstream ?? false,
    )
    this.#other = new OtherProtocol(this.dialogue)
    this.#tls = new TlsObserver(this.dialogue, options.implicitTls)
  }

  /**
   * The next bytes of one direction, in causal order over both directions. `offset` is the stream offset of
   * `bytes[start]`; frame and time (ns) are those of the segment that made them available, and `received` is the offset
   * in the other direction up to which its sender had received, -1 if unknown.
   */
  data(
    direction: Direction,
    bytes: Uint8Array,
    start: number,
    end: number,
    frame: number,
    time: number,
    offset: number,
    received = -1,
  ): void {
    this.#frame = frame
    this.#time = time
    this.#received = received
    this.#segmentStart = offset
    this.#segmentEnd = offset + end - start
    if (direction === FROM_SERVER) this.#other.serverBytes(bytes, start, end, frame)
    else {
      this.#fragments.at(frame)
      this.#other.clientBytes(bytes, start, end, frame)
    }
    this.#readers[direction].data(bytes, start, end, frame, time, offset)
    this.#noteTelnet()
    if (this.dialogue.tls) {
      this.dialogue.tls.established = this.#readers[0].finished && this.#readers[1].finished
    }
  }

  /** What is known of the TLS of this connection; `null` without. */
  get tlsFacts(): Readonly<TlsFacts> | null {
    return this.#decryptor?.facts ?? null
  }

  /** Approximate memory in bytes of the dialogue. */
  get size(): number {
    const records = this.dialogue.tls ? this.dialogue.tls.records.length * RECORD_BYTES : 0
    return (
      this.#log.size +
      this.#replies.size +
      this.#fragments.size +
      this.#readers[0].size +
      this.#readers[1].size +
      (this.#decryptor?.size ?? 0) +
      records
    )
  }

  /** `length` bytes of this direction were never captured. */
  gap(direction: Direction, length: number, frame: number, time: number): void {
    this.#frame = frame
    this.#time = time
    const reader = this.#readers[direction]
    if (reader.isOpaque) this.#tls.gap()
    if (direction === FROM_CLIENT && !reader.isOpaque) this.#fragments.lost(reader.splitter.openText)
    const lineLost = reader.gap(length, this.#interpreter.security.tlsAgreed)
    if (lineLost) this.#note('ftp-line-lost', 'the end of a line was not captured')
    if (!reader.isOpaque || this.dialogue.decryption) this.#lost(direction)
  }

  #lost(direction: Direction): void {
    this.#interpreter.lost(direction)
    if (direction === FROM_CLIENT) this.#pairing.commandsLost()
    else {
      this.#replies.gap()
      this.#pairing.repliesLost()
    }
  }

  /** No more bytes: whatever is open ends here. */
  end(): void {
    if (this.#ended) return
    this.#ended = true
    this.#decryptor?.end()
    for (const reader of this.#readers) reader.end(this.#frame, this.#time)
    this.#replies.end()
  }

  #events(): DirectionEvents {
    return {
      line: (direction, line, place, encrypted) => {
        this.#encrypted = encrypted
        this.#line(direction, line, place)
      },
      opaque: (direction) => {
        this.#opaque(direction)
      },
      clear: (direction) => {
        this.#clear(opposite(direction))
      },
      handshake: (direction, type) => {
        this.#tls.handshake(direction, type, this.#frame, this.#time, this.#hasExchanges)
        if (this.dialogue.security === 'implicit-tls') this.#interpreter.dataProtected(true)
      },
      clientHello: (direction, message, cut) => {
        this.#tls.clientHello(direction, message, cut)
      },
      serverHello: (direction, message) => {
        this.#tls.serverHello(direction, message)
      },
      alert: (direction, level, description) => {
        this.#tls.alert(direction, this.#frame, this.#time, level, description)
      },
      applicationData: (direction, length) => {
        this.#tls.applicationData(direction, this.#frame, this.#time, length)
      },
    }
  }

  #decrypted(): DecryptedText {
    return {
      text: (direction, bytes, place) => {
        this.#interpreter.revealed()
        this.#at(place, (start, end) => {
          this.#readers[direction].decrypted(bytes, place.frame, place.time, start, end)
        })
      },
      missing: (direction, place) => {
        this.#at(place, (_start, end) => {
          const reader = this.#readers[direction]
          if (direction === FROM_CLIENT) this.#fragments.lost(reader.splitter.openText)
          if (reader.decryptedGap(end)) this.#note('ftp-line-lost', 'the end of a line was not decrypted')
          this.#lost(direction)
        })
      },
      alert: (direction, level, description, { frame, time }) => {
        this.#tls.decryptedAlert(direction, frame, time, level, description)
      },
      failed: (failure, { frame }) => {
        this.#note('tls-not-decrypted', `TLS is not decrypted: ${failureText(failure)}`, frame)
      },
    }
  }

  /** Reads text of a record that was completed in another packet than the current one if its secret came late. */
  #at({ frame, time }: Place, read: (segmentStart: number, segmentEnd: number) => void): void {
    const now = [this.#frame, this.#time, this.#received] as const
    const late = frame !== this.#frame
    ;[this.#frame, this.#time] = [frame, time]
    if (late) this.#received = -1
    read(late ? -1 : this.#segmentStart, late ? -1 : this.#segmentEnd)
    ;[this.#frame, this.#time, this.#received] = now
  }

  get #hasExchanges(): boolean {
    return this.dialogue.exchanges.length > 0
  }

  #line(direction: Direction, line: Line, place: PlaceInSegment | null): void {
    if (line.cut) {
      this.dialogue.cutLines++
      this.#note('ftp-line-cut', `a line is longer than ${this.#limits.lineBytes} bytes; the rest was dropped`)
    }
    if (this.#log.full) return
    this.#lineComplete = !line.cut && !line.unterminated && !line.clipped
    this.#place = place
    if (direction === FROM_SERVER) this.#serverLine(line)
    else {
      const command = parseCommand(line.bytes, line.length)
      if (command) this.#clientLine(line, command)
      else if (!isBlank(line)) {
        this.#fragments.line(decodeText(line.bytes, 0, line.length))
        this.#binaryLine(direction)
      }
    }
    this.#lineComplete = true
  }

  #clientLine(line: Line, command: Command): void {
    // The end of a line whose start was not captured.
    if (line.afterGap && !isComplete(command)) {
      this.#fragments.line(decodeText(line.bytes, 0, line.length))
      return
    }
    // The beginning of one: without a blank after it, the verb may be longer.
    if (line.clipped) {
      const text = decodeText(line.bytes, 0, line.length)
      if (command.argument === null && !isKnownVerb(command.verb)) {
        this.#fragments.line(text)
        return
      }
      this.#fragments.lost(text)
    }
    if (this.#interpreter.security.hidesCommand(command.verb, command.argument, line.frame, line.time)) return
    this.#other.clientLine(command, line.frame)
    this.#replies.commandSeen()
    const exchange: Exchange = {
      frame: line.frame,
      time: line.time,
      command: this.#log.keep(command.verb),
      argument: command.argument === null ? null : this.#log.keep(command.argument),
      replies: [],
      lineEnd: lineEndOf(line),
      clipped: line.clipped,
      form: command.form,
      encrypted: this.#encrypted,
      streamStart: line.start,
      streamEnd: line.end,
    }
    if (!this.#log.add(exchange)) return
    if (!this.#encrypted && this.#tls.clearCommand()) this.#interpreter.security.tlsAgreed = false
    if (!this.#pairing.command(exchange)) {
      this.#note('ftp-open-commands', `more than ${this.#limits.openCommands} commands are waiting for a reply`)
    }
    this.#interpreter.command(exchange, this.#lineComplete, (accept) => this.#pairing.findOpen(accept))
  }

  #serverLine(line: Line): void {
    this.#noteTelnet()
    if (!this.#hasExchanges && hasControls(line)) {
      this.#binaryLine(FROM_SERVER)
      return
    }
    const text = decodeText(line.bytes, 0, line.length)
    // The end of a line whose start was not captured.
    if (line.afterGap && !/^[1-6]\d\d(?:[ -]|$)/.test(text)) return
    if (!this.#replies.isOpen) this.#other.serverLine(text, line.frame)
    this.#replies.line(text, line.frame, line.time, lineEndOf(line), line.clipped)
  }

  #replyEvent(event: ReplyEvent): void {
    if (event.kind === 'reply') this.#reply(event.reply)
    else if (event.kind === 'cut')
      this.#note(
        'ftp-reply-cut',
        `a reply is longer than ${this.#limits.replyText} characters; the rest was dropped`,
        event.frame,
      )
    else if (event.kind === 'sloppy') this.#note('ftp-reply-invalid', event.what, event.frame)
    else {
      const { frame } = event
      this.dialogue.uncodedLine ??= uncodedLine(event, this.dialogue)
      // Not quoted: anomalies are kept as text, and a line may repeat a secret.
      this.#note('ftp-reply-invalid', 'a reply line has no code', frame)
      this.#pairing.unreadableReply()
    }
  }

  #reply(reply: Reply): void {
    if (this.#log.full || this.#interpreter.security.hidesReply(reply)) return
    if (!this.#encrypted && this.#tls.clearReply()) this.#interpreter.dataProtected(false)
    reply.text = this.#log.keep(reply.text)
    const exchange = this.#pairing.reply(reply, this.#received) ?? this.#log.unsolicited(reply, this.#encrypted)
    if (!exchange) return
    if (exchange.replies.length > 0) exchange.replies.push(reply)
    // Most commands have one reply, and pushing into an array reserves room for many.
    else exchange.replies = [reply]
    this.#other.reply(exchange, reply)
    this.#interpreter.reply(exchange, reply, this.#lineComplete)
  }

  #binaryLine(direction: Direction): void {
    this.#note('ftp-line-binary', 'a line on the control connection is not text')
    if (
      this.#encrypted ||
      ++this.#binaryLines[direction] < BINARY_LINES ||
      this.#hasExchanges ||
      this.dialogue.otherProtocol
    )
      return
    this.#readers[direction].loseClearText()
  }

  /** The server's option negotiation is reported before the lines that follow it in the same segment. */
  #noteTelnet(): void {
    if (this.#readers[FROM_SERVER].splitter.telnet.negotiations > 0) this.#other.telnetNegotiation(this.#frame)
  }

  #opaque(direction: Direction): void {
    this.#noteTelnet()
    this.#replies.end()
    this.#pairing.reset()
    this.#interpreter.hidden()
    this.#tls.begins(direction, this.#frame, this.#time, this.#hasExchanges)
    if (this.dialogue.security === 'implicit-tls') this.#interpreter.dataProtected(true)
  }

  /** Clear text again; commands that wait for a reply are kept if the other side switched first. */
  #clear(other: Direction): void {
    const first = this.#readers[other].isOpaque
    // What was asked under TLS is known if it was decrypted: a server that has failed in TLS answers it in clear text.
    if (first && !this.dialogue.decryption) this.#pairing.reset()
    this.#interpreter.security.tlsAgreed = false
    // After CCC the client sends first; a server that does so alone has failed in TLS (vsftpd: "500 OOPS: …").
    const ordered = !first || other === FROM_SERVER
    if (this.dialogue.tls?.established && ordered) this.dialogue.clearAgain = true
  }

  #note(kind: string, what: string, frame = this.#frame): void {
    this.#anomalies.record(kind, frame, () => `ftp, port ${this.#port}: ${what}`)
  }
}
