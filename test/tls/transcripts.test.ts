import { describe, expect, it } from 'vitest'
import { contextOf, decodeAll, transcripts } from '../support/tls-transcript.js'
import type { TlsFacts } from '../../src/tls/tls-facts.js'

const UNSUPPORTED = ['tls12-camellia']
const files = transcripts()
const readable = files.filter(({ name }) => !UNSUPPORTED.includes(name))

describe('a connection between real implementations', () => {
  it.each(readable.map((file) => [file.name, file] as const))('is decrypted with its key log: %s', (_, file) => {
    const results = decodeAll(file)
    expect(results.map(({ notes }) => notes.text)).toEqual(file.connections.map(({ sent }) => sent))
    for (const { notes, decoder } of results) {
      expect(notes.failures).toEqual([])
      expect(notes.skips).toEqual([])
      if (decoder.facts.earlyRecords === 0) expect(notes.opaques).toEqual([])
    }
  })

  it.each(readable.map((file) => [file.name, file] as const))('is decrypted byte by byte as well: %s', (_, file) => {
    const whole = decodeAll(file)
    const bytes = decodeAll(file, contextOf(file), (step) => Array.from(step, (byte) => Uint8Array.of(byte)))
    for (const [index, { notes, decoder }] of bytes.entries()) {
      const { order, messages, alerts, opaques } = whole[index]!.notes
      expect({ order: notes.order, messages: notes.messages, alerts: notes.alerts, opaques: notes.opaques }).toEqual({
        order,
        messages,
        alerts,
        opaques,
      })
      expect(withoutPlaces(decoder.facts)).toEqual(withoutPlaces(whole[index]!.decoder.facts))
    }
  })

  it.each(files.filter(({ privateKey }) => privateKey).map((file) => [file.name, file] as const))(
    "is decrypted with the server's private key: %s",
    (_, file) => {
      const [result] = decodeAll(file, contextOf(file, 'private-key'))
      expect(result!.notes.text).toEqual(file.connections[0]!.sent)
    },
  )
})

/** In other pieces, messages are completed by other packets. */
function withoutPlaces({ alerts, ...facts }: Readonly<TlsFacts>) {
  const places = { clientHelloAt: null, serverHelloAt: null, certificateAt: null, clientCertificateAt: null }
  return { ...facts, ...places, alerts: alerts.map((alert) => ({ ...alert, frame: 0, time: 0 })) }
}
