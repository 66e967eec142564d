import { Announcements } from '../announcements/announcements.js'
import { ClientHabits } from '../software/client-habits.js'
import { clientOfClnt, clientOfCsid, recogniseAnonymousPassword } from '../software/client-software.js'
import { parseFeatures } from './features.js'
import { LoginState } from './login.js'
import type { Announcement, Dialogue, Exchange, Reply } from '../model.js'
import type { Direction } from '../../tcp/connection.js'
import { Parameters } from './parameters.js'
import { isCompletion } from '../reply-codes.js'
import { SecurityExchange } from './security.js'
import { ServerSoftware } from '../software/server-software.js'
import { Transfers } from './transfers.js'
import { WorkingDirectory } from './working-directory.js'

/** Interprets exchanges: updates the session's state in its `Dialogue` with each command and reply. */
export class Interpreter {
  readonly security: SecurityExchange
  readonly #dialogue: Dialogue
  readonly #parameters = new Parameters()
  readonly #directory = new WorkingDirectory()
  readonly #announcements: Announcements
  readonly #transfers: Transfers
  readonly #login: LoginState
  readonly #server = new ServerSoftware()
  readonly #habits = new ClientHabits()

  /** `midstream`: the dialogue began before the capture. */
  constructor(dialogue: Dialogue, announced: (announcement: Announcement) => void, midstream: boolean) {
    this.#dialogue = dialogue
    this.security = new SecurityExchange(dialogue, () => {
      this.hidden()
    })
    this.#announcements = new Announcements(dialogue.announcements, announced)
    this.#transfers = new Transfers(dialogue.transfers, dialogue.announcements, this.#parameters, this.#directory)
    this.#login = new LoginState(dialogue, midstream)
  }

  /** A command; `complete` unless its line was truncated. `oldestOpen` finds the oldest match without a final reply. */
  command(
    exchange: Exchange,
    complete: boolean,
    oldestOpen: (accept: (open: Exchange) => boolean) => Exchange | null,
  ): void {
    this.#login.command(exchange)
    this.#parameters.command(exchange)
    this.#announcements.command(exchange, complete)
    this.#transfers.command(exchange)
    if (exchange.command === 'ABOR') {
      const running = oldestOpen((open) => this.#transfers.isTransfer(open))
      if (running) this.#transfers.aborted(running, exchange)
    }
    const named = this.#clientOf(exchange)
    const habit = this.#habits.command(exchange)
    this.#dialogue.clientSoftware ??= named ?? habit
  }

  /** A reply, already in `exchange.replies`. */
  reply(exchange: Exchange, reply: Reply, complete: boolean): void {
    if (this.#server.reply(exchange.command, reply.text)) this.#dialogue.serverSoftware = this.#server.text
    this.#announcements.reply(exchange, reply, complete)
    if (exchange.command === null) {
      this.#login.unsolicited(reply)
      return
    }
    this.#login.reply(exchange, reply)
    this.#parameters.reply(exchange, reply)
    this.#transfer(exchange, reply)
    if (this.#directory.reply(exchange, reply)) this.#transfers.sizes.directoryChanged()
    this.#dialogue.workingDirectory = this.#directory.current
    if (this.security.reply(exchange, reply)) this.dataProtected(true)
    if (isCompletion(reply.code)) this.#done(exchange, reply)
  }

  /** Data connections are protected from here on, regardless of PROT: implicit TLS, AUTH SSL. */
  dataProtected(on: boolean): void {
    this.#parameters.values.protectedData = on
    this.#dialogue.protectedData = on
  }

  /** Bytes of a direction were not captured. */
  lost(direction: Direction): void {
    this.#login.lost(direction)
  }

  /** Commands are hidden from here on. */
  hidden(): void {
    this.#login.hidden()
  }

  /** What was hidden is decrypted. */
  revealed(): void {
    this.#login.revealed()
  }

  #transfer(exchange: Exchange, reply: Reply): void {
    const announcement = this.#announcements.of(exchange)
    if (announcement?.refused && announcement.reply === reply) this.#transfers.refused(announcement)
    this.#transfers.sizes.reply(exchange, reply, this.#parameters.values.representation)
    this.#transfers.reply(exchange, reply)
  }

  #done(exchange: Exchange, reply: Reply): void {
    switch (exchange.command) {
      case 'FEAT':
        if (reply.code === 211) this.#dialogue.features = parseFeatures(reply.text)
        break
      case 'PROT':
        this.#dialogue.protectedData = this.#parameters.values.protectedData
        break
      case 'REIN':
        this.#parameters.reset()
        this.#announcements.reset()
        this.#transfers.reset()
        break
    }
  }

  #clientOf(exchange: Exchange): string | null {
    const argument = exchange.argument ?? ''
    switch (exchange.command) {
      case 'CLNT':
        return clientOfClnt(argument)
      case 'CSID':
        return clientOfCsid(argument)
      case 'PASS':
        return this.#dialogue.anonymous ? recogniseAnonymousPassword(argument.trim()) : null
      default:
        return null
    }
  }
}
