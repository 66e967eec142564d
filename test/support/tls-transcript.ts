import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Direction } from '../../src/tcp/connection.js'
import type { TlsEvents } from '../../src/tls/events.js'
import { readPrivateKeys } from '../../src/tls/keys/rsa-private-key.js'
import { SecretStore } from '../../src/tls/keys/secret-store.js'
import { tlsContext, type TlsContext } from '../../src/tls/tls-context.js'
import { TlsDecoder } from '../../src/tls/tls-decoder.js'
import type { TlsFailure } from '../../src/tls/connection/negotiation.js'
import { ROOT } from './captures.js'

/** A TLS connection between real implementations, as `test/tls/transcripts/make.py` recorded it. */
export interface Transcript {
  steps: { direction: Direction; bytes: Uint8Array }[]
  /** Plaintext of client and server. */
  sent: [string, string]
}

export interface TranscriptFile {
  name: string
  keyLog: string
  privateKey: string | null
  connections: Transcript[]
}

const FOLDER = join(ROOT, 'test/tls/transcripts')

export function transcripts(): TranscriptFile[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.json'))
    .map((file) => transcript(file.slice(0, -5)))
}

export function transcript(name: string): TranscriptFile {
  const { keyLog, privateKey, connections } = JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')) as {
    keyLog: string[]
    privateKey?: string
    connections: { steps: [Direction, string][]; sent: [string, string] }[]
  }
  return {
    name,
    keyLog: keyLog.join('\n'),
    privateKey: privateKey ?? null,
    connections: connections.map(({ steps, sent }) => ({
      steps: steps.map(([direction, base64]) => ({ direction, bytes: bytesOf(base64) })),
      sent: [latin1(bytesOf(sent[0])), latin1(bytesOf(sent[1]))],
    })),
  }
}

function bytesOf(base64: string): Uint8Array {
  return new Uint8Array(Buffer.from(base64, 'base64'))
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1')
}

/** Notes all that a decoder reports. */
export class TlsNotes implements TlsEvents {
  readonly text: [string, string] = ['', '']
  readonly messages: [direction: Direction, type: number, encrypted: boolean][] = []
  readonly alerts: [direction: Direction, level: number, description: number, encrypted: boolean][] = []
  readonly skips: [direction: Direction, records: number][] = []
  readonly opaques: [direction: Direction, type: number, length: number][] = []
  readonly failures: TlsFailure[] = []
  /** Direction and plaintext, in order. */
  readonly order: string[] = []

  handshake(direction: Direction, type: number, _body: Uint8Array, encrypted: boolean): void {
    this.messages.push([direction, type, encrypted])
  }

  application(direction: Direction, bytes: Uint8Array): void {
    const text = latin1(bytes)
    this.text[direction] += text
    this.order.push(`${direction} ${text}`)
  }

  alert(direction: Direction, level: number, description: number, encrypted: boolean): void {
    this.alerts.push([direction, level, description, encrypted])
  }

  skipped(direction: Direction, records: number): void {
    this.skips.push([direction, records])
  }

  opaque(direction: Direction, type: number, length: number): void {
    this.opaques.push([direction, type, length])
  }

  failed(failure: TlsFailure): void {
    this.failures.push(failure)
  }
}

/** Decodes the connections of a transcript one after the other, each in steps as `cut` makes them of the recorded. */
export function decodeAll(
  file: TranscriptFile,
  context: TlsContext = contextOf(file),
  cut: (bytes: Uint8Array) => Uint8Array[] = (bytes) => [bytes],
): { notes: TlsNotes; decoder: TlsDecoder }[] {
  return file.connections.map(({ steps }) => {
    const notes = new TlsNotes()
    const decoder = new TlsDecoder(context, notes)
    let frame = 0
    for (const { direction, bytes } of steps) {
      for (const piece of cut(bytes)) {
        frame++
        const at = decoder.data(direction, piece, 0, piece.length, frame, frame * 1000)
        if (at !== piece.length) throw new Error(`stopped at ${at} of ${piece.length}`)
      }
    }
    decoder.end()
    return { notes, decoder }
  })
}

/** With the file's key log, or with its private key instead. */
export function contextOf(file: TranscriptFile, by: 'key-log' | 'private-key' = 'key-log'): TlsContext {
  const secrets = new SecretStore()
  if (by === 'key-log') secrets.addKeyLog(file.keyLog)
  else for (const key of readPrivateKeys(file.privateKey ?? '').keys) secrets.addPrivateKey(key)
  return tlsContext(secrets)
}
