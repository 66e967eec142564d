import { describe, expect, it } from 'vitest'
import { SecretStore } from '../../src/tls/keys/secret-store.js'
import { tlsContext } from '../../src/tls/tls-context.js'
import { TlsDecoder } from '../../src/tls/tls-decoder.js'
import { contextOf, decodeAll, TlsNotes, transcript } from '../support/tls-transcript.js'

function feed(decoder: TlsDecoder, name: string, from = 0, to?: number): void {
  for (const [index, { direction, bytes }] of transcript(name).connections[0]!.steps.slice(from, to).entries())
    decoder.data(direction, bytes, 0, bytes.length, index + 1, index)
}

describe('secrets that come late', () => {
  it.each(['tls13-aes128-gcm', 'tls12-gcm'])('decrypt what was held, in the order of the wire: %s', (name) => {
    const file = transcript(name)
    const context = tlsContext()
    const notes = new TlsNotes()
    const decoder = new TlsDecoder(context, notes)
    feed(decoder, name, 0, 8)
    expect(notes.order).toEqual([])
    context.secrets.addKeyLog(file.keyLog)
    feed(decoder, name, 8)
    decoder.end()
    const whole = decodeAll(file)[0]!.notes
    expect(notes.order).toEqual(whole.order)
    // What is in the clear is not held.
    expect(notes.messages.toSorted()).toEqual(whole.messages.toSorted())
    expect(notes.opaques).toEqual([])
  })

  it('decrypt what follows when too much had to be held', () => {
    const file = transcript('tls13-aes128-gcm')
    const context = { ...tlsContext(), maxHeldBytes: 700 }
    const notes = new TlsNotes()
    const decoder = new TlsDecoder(context, notes)
    feed(decoder, file.name, 0, -5)
    expect(notes.failures).toEqual([{ kind: 'no-secret', version: 0x304, suite: 'TLS_AES_128_GCM_SHA256' }])
    context.secrets.addKeyLog(file.keyLog)
    feed(decoder, file.name, -5)
    decoder.end()
    expect(notes.order.at(-1)).toBe('1 221 Goodbye.\r\n')
    expect(notes.order).toContain('0 QUIT\r\n')
    expect(notes.skips).toHaveLength(2)
  })
})

describe('a connection that cannot be decrypted', () => {
  it.each([
    ['tls12-camellia', { kind: 'unsupported-suite', suite: 'TLS_ECDHE_ECDSA_WITH_CAMELLIA_128_CBC_SHA256' }],
    ['tls13-ccm8', { kind: 'no-secret', version: 0x304, suite: 'TLS_AES_128_CCM_8_SHA256' }],
    ['tls12-gcm', { kind: 'no-secret', version: 0x303, suite: 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256' }],
  ])('says why, and gives the lengths of its records: %s', (name, failure) => {
    const context = name === 'tls12-camellia' ? contextOf(transcript(name)) : tlsContext()
    const [result] = decodeAll(transcript(name), context)
    expect(result!.notes.failures).toEqual([failure])
    expect(result!.notes.order).toEqual([])
    expect(result!.notes.opaques.length).toBeGreaterThan(8)
    expect(result!.decoder.facts.serverHello).not.toBeNull()
  })

  it('shows nothing with a secret that is not its own', () => {
    for (const name of ['tls13-aes128-gcm', 'tls12-gcm', 'tls12-cbc-sha1', 'tls10-cbc', 'tls11-cbc-etm']) {
      const file = transcript(name)
      // The last digit of each secret changes.
      const keyLog = file.keyLog.replace(/.$/gm, (digit) => (digit === '0' ? '1' : '0'))
      const [result] = decodeAll({ ...file, keyLog })
      expect(result!.notes.order).toEqual([])
      expect(result!.notes.alerts).toEqual([])
      expect(result!.notes.opaques.length).toBeGreaterThan(8)
    }
  })
})

describe('what is not a record', () => {
  it('ends the reading at the boundary before it, as after close_notify', () => {
    const file = transcript('tls12-gcm')
    const decoder = new TlsDecoder(contextOf(file), new TlsNotes())
    feed(decoder, file.name)
    const clear = new TextEncoder().encode('500 OOPS: child died\r\n')
    expect(decoder.data(1, clear, 0, clear.length, 99, 99)).toBe(0)
    expect(decoder.data(1, clear, 5, clear.length, 99, 99)).toBe(5)
    const both = Uint8Array.of(21, 3, 3, 0, 1, 0, ...clear)
    expect(decoder.data(1, both, 0, both.length, 99, 99)).toBe(6)
  })
})

describe('the facts of a connection', () => {
  it('are those of the hellos, and of the certificates where they can be read', () => {
    const factsOf = (name: string, context = contextOf(transcript(name))) =>
      decodeAll(transcript(name), context)[0]!.decoder.facts
    const { clientHello, serverHello, protocol, certificates, resumption } = factsOf('tls13-aes128-gcm')
    expect([clientHello!.serverName, clientHello!.protocols, protocol]).toEqual(['ftp.example.net', ['ftp'], 'ftp'])
    expect([serverHello!.version, serverHello!.suite]).toEqual([0x304, 0x1301])
    expect(certificates).toHaveLength(1)
    expect(certificates[0]![0]).toBe(0x30)
    expect(resumption).toEqual({ offered: null, accepted: null })
    const clear = factsOf('tls12-gcm', tlsContext())
    expect(clear.certificates).toHaveLength(1)
    expect(clear.protocol).toBe('ftp')
  })

  it.each([
    ['tls12-ticket', 'ticket'],
    ['tls12-session-id', 'session-id'],
    ['tls13-retry-psk', 'psk'],
    ['gnutls-ticket', 'ticket'],
    ['gnutls-session-id', 'session-id'],
  ])('tell by what a session is resumed: %s', (name, means) => {
    const [first, second] = decodeAll(transcript(name))
    expect(first!.decoder.facts.resumption.accepted).toBeNull()
    expect(second!.decoder.facts.resumption).toEqual({ offered: means, accepted: means })
  })

  it('count renegotiations, key updates, retries and early data', () => {
    const factsOf = (name: string) => decodeAll(transcript(name)).at(-1)!.decoder.facts
    expect(factsOf('tls12-renegotiation').renegotiations).toBe(1)
    expect(factsOf('tls13-key-update').keyUpdates).toBeGreaterThanOrEqual(4)
    expect(factsOf('tls13-retry-psk').helloRetryRequest).toBe(true)
    expect(factsOf('tls13-early-data')).toMatchObject({ earlyRecords: 2, earlyDataAccepted: true })
  })
})

describe('memory', () => {
  it('is bounded over all connections, and given back', () => {
    const context = tlsContext(new SecretStore())
    const room = context.budget.left
    const decoders = Array.from({ length: 50 }, () => new TlsDecoder(context, new TlsNotes()))
    const start = Uint8Array.of(23, 3, 3, 0x40, 0, ...new Uint8Array(1000))
    for (const decoder of decoders) {
      feed(decoder, 'tls13-aes128-gcm')
      decoder.data(0, start, 0, start.length, 1, 1)
    }
    expect(room - context.budget.left).toBeGreaterThan(50 * 3000)
    for (const decoder of decoders) decoder.end()
    expect(context.budget.left).toBe(room)
  })

  it('used up, costs what would be held and nothing else', () => {
    const file = transcript('tls13-aes128-gcm')
    const context = contextOf(file)
    context.budget.take(context.budget.left)
    const [whole] = decodeAll(file, context)
    expect(whole!.notes.text).toEqual(file.connections[0]!.sent)
    const [bytes] = decodeAll(file, context, (step) => Array.from(step, (byte) => Uint8Array.of(byte)))
    expect(bytes!.notes.order).toEqual([])
  })

  it('does not grow with long messages', () => {
    const context = tlsContext()
    const decoder = new TlsDecoder(context, new TlsNotes())
    const room = context.budget.left
    const record = new Uint8Array(5 + 16_384)
    record.set([22, 3, 3, 0x40, 0])
    // A message of 16 MB.
    record.set([11, 0xff, 0xff, 0xff], 5)
    decoder.data(1, record, 0, record.length, 1, 1)
    record.fill(0, 5)
    for (let count = 0; count < 500; count++) decoder.data(1, record, 0, record.length, 1, 1)
    expect(room - context.budget.left).toBeLessThan(65_536)
  })
})
