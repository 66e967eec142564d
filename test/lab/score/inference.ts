/** What is inferred of FTPS without keys, held against what the keys show: record by record, by probability. */
import { AnomalyLog } from '../../../src/bytes/anomaly.js'
import type { Frame } from '../../../src/capture/frame.js'
import { CaptureReader } from '../../../src/capture/reader.js'
import type { Session } from '../../../src/correlate/model.js'
import { ObservationPoint } from '../../../src/correlate/observation-point.js'
import { type Dialogue, emptyDialogue, FROM_CLIENT } from '../../../src/ftp/model.js'
import { ControlDecryption } from '../../../src/ftp/tls/control-decryption.js'
import type { MakeDecryptor } from '../../../src/ftp/tls/decryption.js'
import { observationOptions } from '../../../src/options.js'
import type { Direction } from '../../../src/tcp/connection.js'
import { tlsContext } from '../../../src/tls/tls-context.js'
import { PacketDecoder } from '../../../src/wire/decode.js'

/** A record as decrypted: the verb of the command that it begins with, or the code of the reply that it belongs to. */
interface TrueRecord {
  frame: number
  direction: Direction
  bytes: number
  text: string
  meaning: string
}

interface Claim {
  frame: number
  direction: Direction
  meaning: string
  probability: number
  truth: TrueRecord | null
}

export interface Comparison {
  session: Session
  truth: readonly TrueRecord[]
  claims: readonly Claim[]
}

/** Analyzes a capture as if there were no keys, and decrypts it beside that, with a key log or its own secrets. */
export function compareInference(capture: Uint8Array, keyLog?: Uint8Array): Comparison[] {
  const context = tlsContext()
  if (keyLog) context.secrets.addKeyLog(keyLog)
  const decrypted = new Map<Dialogue, TrueRecord[]>()
  const decryptor: MakeDecryptor = (dialogue) => {
    const truth: TrueRecord[] = []
    decrypted.set(dialogue, truth)
    const reading = new MeaningReader(truth)
    return new ControlDecryption(context, emptyDialogue(), {
      text: (direction, bytes, { frame }) => {
        reading.record(direction, frame, Buffer.from(bytes).toString('latin1'))
      },
      missing: () => undefined,
      alert: () => undefined,
      failed: () => undefined,
    })
  }
  const comparisons: Comparison[] = []
  for (const session of sessionsOf(capture, decryptor, (bytes) => context.secrets.addKeyLog(bytes))) {
    const truth = decrypted.get(session.dialogue) ?? []
    if (truth.length > 0) comparisons.push({ session, truth, claims: claimsOf(session, truth) })
  }
  return comparisons
}

function sessionsOf(
  capture: Uint8Array,
  decryptor: MakeDecryptor,
  addKeyLog: (bytes: Uint8Array) => unknown,
): Session[] {
  const anomalies = new AnomalyLog()
  const decoder = new PacketDecoder(anomalies)
  const sessions: Session[] = []
  const point = new ObservationPoint(
    observationOptions({}, decryptor),
    anomalies,
    (session) => {
      sessions.push(session)
    },
    null,
  )
  const frame = (each: Frame) => {
    point.packet(decoder.decode(each), decoder.packet)
  }
  const reader = new CaptureReader(
    { frame, secrets: ({ bytes }) => void addKeyLog(bytes), newObservationPoint: () => undefined },
    anomalies,
  )
  reader.openFile('capture', null)
  reader.push(capture)
  reader.closeFile()
  point.end()
  return sessions
}

/** Reads the meaning of each record of both directions. */
class MeaningReader {
  readonly #truth: TrueRecord[]
  /** The code of a multi-line reply that is not complete. */
  #open = ''

  constructor(truth: TrueRecord[]) {
    this.#truth = truth
  }

  record(direction: Direction, frame: number, text: string): void {
    const meaning = direction === FROM_CLIENT ? (text.split(/[ \r\n]/)[0] ?? '').toUpperCase() : this.#code(text)
    this.#truth.push({ frame, direction, bytes: text.length, text, meaning })
  }

  #code(text: string): string {
    const first = this.#open || text.slice(0, 3)
    for (const line of text.split('\r\n')) {
      if (this.#open === '' && /^\d{3}-/.test(line)) this.#open = line.slice(0, 3)
      else if (line.startsWith(`${this.#open} `)) this.#open = ''
    }
    return first
  }
}

function claimsOf({ inferred }: Session, truth: readonly TrueRecord[]): Claim[] {
  if (!inferred) return []
  const { inference } = inferred
  const left = [...truth]
  return inference.records
    .filter(({ claimed }) => claimed)
    .map(({ frame, direction, command, code, probability, bytes }) => {
      const at = left.findIndex(
        (each) => each.frame === frame && each.direction === direction && (bytes === null || each.bytes === bytes),
      )
      const [found] = at < 0 ? [] : left.splice(at, 1)
      return { frame, direction, meaning: command ?? String(code), probability, truth: found ?? null }
    })
}

/** Right and wrong claims by least probability, and the share of records that are claimed. */
interface Tally {
  records: number
  claims: number
  right: number
}

export function tally(comparisons: readonly Comparison[], least: number): Tally {
  const sum: Tally = { records: 0, claims: 0, right: 0 }
  for (const { truth, claims } of comparisons) {
    sum.records += truth.length
    for (const { probability, meaning, truth: found } of claims) {
      if (probability < least) continue
      sum.claims++
      if (found?.meaning === meaning) sum.right++
    }
  }
  return sum
}
