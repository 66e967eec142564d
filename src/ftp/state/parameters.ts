import type { Exchange, FileStructure, Reply, Representation, TransferMode } from '../model.js'
import { isRefusal } from '../reply-codes.js'

interface Values {
  representation: Representation
  mode: TransferMode
  structure: FileStructure
  restartAt: number
  /** The restart point is known: all of the number was captured. */
  restartKnown: boolean
  protectedData: boolean
}

const REPRESENTATIONS: Record<string, Representation> = { A: 'ascii', E: 'ebcdic', I: 'image', L: 'local' }
const MODES: Record<string, TransferMode> = { S: 'stream', B: 'block', C: 'compressed', Z: 'deflate' }
const STRUCTURES: Record<string, FileStructure> = { F: 'file', R: 'record', P: 'page' }

/** Defaults before any command (RFC 959 §5.1, RFC 4217 §9). */
function defaults(): Values {
  return {
    representation: 'ascii',
    mode: 'stream',
    structure: 'file',
    restartAt: 0,
    restartKnown: true,
    protectedData: false,
  }
}

/**
 * Transfer parameters in force: TYPE, MODE, STRU (RFC 959 §4.1.2), REST and RANG (restart points), PROT (RFC 2228 §3).
 * A change takes effect with the command, since clients that pipeline do not wait for the reply, and is undone if the
 * server refuses it.
 */
export class Parameters {
  values: Values = defaults()
  /** True once TYPE was seen: before that, a session captured from its middle may have any type. */
  typeKnown = false
  readonly #undo = new Map<Exchange, Partial<Values>>()

  command(exchange: Exchange): void {
    const change = changeOf(exchange.command!, exchange.argument?.trim().toUpperCase() ?? '')
    if (!change) return
    if (change.restartAt !== undefined) change.restartKnown = !exchange.clipped
    const before: Partial<Values> = {}
    for (const key of Object.keys(change) as (keyof Values)[]) Object.assign(before, { [key]: this.values[key] })
    this.#undo.set(exchange, before)
    Object.assign(this.values, change)
    if (change.representation) this.typeKnown = true
  }

  reply(exchange: Exchange, reply: Reply): void {
    if (reply.preliminary) return
    const before = this.#undo.get(exchange)
    if (!before) return
    this.#undo.delete(exchange)
    if (isRefusal(reply.code)) Object.assign(this.values, before)
  }

  /** The restart point, which applies to one transfer command only (RFC 959 §4.1.3). */
  takeRestart(): Pick<Values, 'restartAt' | 'restartKnown'> {
    const { restartAt, restartKnown } = this.values
    this.values.restartAt = 0
    this.values.restartKnown = true
    return { restartAt, restartKnown }
  }

  /** REIN: back to the state after the greeting (RFC 959 §4.1.1). */
  reset(): void {
    const { protectedData } = this.values
    this.values = { ...defaults(), protectedData }
    this.typeKnown = true
  }
}

function changeOf(verb: string, argument: string): Partial<Values> | null {
  const first = argument[0] ?? ''
  switch (verb) {
    case 'TYPE':
      return REPRESENTATIONS[first] ? { representation: REPRESENTATIONS[first] } : null
    case 'MODE':
      return MODES[first] ? { mode: MODES[first] } : null
    case 'STRU':
      return STRUCTURES[first] ? { structure: STRUCTURES[first] } : null
    case 'PROT':
      // Clear, Safe, Confidential, Private: TLS uses C and P only (RFC 4217 §9).
      return { protectedData: first === 'P' || first === 'E' || first === 'S' }
    case 'REST':
    case 'RANG': {
      const digits = /^\d{1,15}(?!\d)/.exec(argument)?.[0]
      return digits === undefined ? null : { restartAt: Number(digits) }
    }
    default:
      return null
  }
}
