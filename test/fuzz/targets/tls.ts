import { readPrivateKeys } from '../../../src/tls/keys/rsa-private-key.js'
import { TlsDecoder } from '../../../src/tls/tls-decoder.js'
import { contextOf, TlsNotes, transcript, type TranscriptFile } from '../../support/tls-transcript.js'
import { BytesReader } from './bytes-reader.js'
import { must, type FuzzTarget } from './target.js'

/** Connections whose bytes are changed; their secrets are known. */
const FILES = [
  'tls13-aes128-gcm',
  'tls12-gcm',
  'tls10-cbc-etm',
  'tls12-rsa-no-ems',
  'gnutls-ticket',
  'tls13-early-data',
].map(transcript)

/** What a step of the input does, in its first byte: the two lowest bits. */
const Step = { Client: 0, Server: 1, Gap: 2 } as const

/**
 * The bytes of both directions of a connection, in steps of kind, length and content, with the secrets of the
 * transcript that the first byte names. Whatever is changed, no plaintext may appear that was not sent.
 */
export const tls: FuzzTarget = {
  steps: { perByte: 60_000, perInput: 60_000_000 },
  seeds: () => FILES.map((file, index) => inputOf(file, index)),
  run(input) {
    const reader = new BytesReader(input)
    const file = FILES[reader.u8() % FILES.length]!
    const context = { ...contextOf(file), effort: { tries: 500, bytes: 1 << 20 } }
    for (const key of readPrivateKeys(file.privateKey ?? '').keys) context.secrets.addPrivateKey(key)
    const room = context.budget.left
    const notes = new TlsNotes()
    const decoder = new TlsDecoder(context, notes)
    const open = [true, true]
    while (!reader.done) {
      const kind = reader.u8() & 3
      const length = reader.u16()
      if (kind >= Step.Gap) {
        if (length > 0) decoder.gap(kind === Step.Gap ? 0 : 1, length)
        continue
      }
      const bytes = reader.take(length)
      const direction = kind === Step.Client ? 0 : 1
      if (!open[direction]) continue
      const at = decoder.data(direction, bytes, 0, bytes.length, 1, 1)
      must(at <= bytes.length, 'reads behind the end')
      open[direction] = at === bytes.length
    }
    decoder.end()
    must(context.budget.left === room, `${room - context.budget.left} bytes are not given back`)
    for (const direction of [0, 1] as const) {
      const sent = file.connections.map((connection) => connection.sent[direction]).join('')
      for (const each of notes.order)
        if (each.startsWith(`${direction}`)) must(sent.includes(each.slice(2)), 'plaintext that nobody sent')
    }
    return [
      `${notes.order.length} texts`,
      ...notes.failures.map(({ kind }) => kind),
      ...notes.messages.map(([, type, encrypted]) => `${type} ${encrypted}`),
      `${notes.skips.length} skips`,
    ]
  },
}

function inputOf({ connections }: TranscriptFile, index: number): Uint8Array {
  const parts: number[] = [index]
  for (const { steps } of connections.slice(0, 1))
    for (const { direction, bytes } of steps) parts.push(direction, bytes.length >> 8, bytes.length & 0xff, ...bytes)
  return Uint8Array.from(parts)
}
