import { describe, expect, it } from 'vitest'
import { SecretStore } from '../../src/tls/keys/secret-store.js'
import { tlsContext } from '../../src/tls/tls-context.js'
import { TlsDecoder } from '../../src/tls/tls-decoder.js'
import { decodeWithHoles, recordsOf } from '../support/tls-holes.js'
import {
  contextOf,
  decodeAll,
  TlsNotes,
  transcript,
  type TranscriptFile,
  transcripts,
} from '../support/tls-transcript.js'

const readable = transcripts().filter(({ name }) => name !== 'tls12-camellia')

describe('after lost bytes', () => {
  it.each(['tls13-aes128-gcm', 'tls12-gcm', 'tls12-cbc384', 'tls12-chacha20', 'tls11-cbc-etm', 'tls12-ccm8'])(
    'reading goes on with the next record, and tells how many were skipped: %s',
    (name) => {
      const file = transcript(name)
      const connection = file.connections[0]!
      const whole = decodeAll(file)[0]!.notes.order.filter((each) => each.startsWith('0'))
      const records = recordsOf(connection, 0)
      // The client's second and third message, in records of their own, before QUIT and close_notify.
      const [second, third] = records.slice(-4)
      const hole = { direction: 0 as const, from: second!.at, to: third!.at + 9 }
      const { order, skips } = decodeWithHoles(connection, contextOf(file), [hole])
      expect(order.filter((each) => each.startsWith('0'))).toEqual([whole[0], whole[3]])
      expect(skips).toEqual([[0, 2]])
    },
  )

  it('before TLS 1.1, one record more is needed: its last block is what the next one begins with', () => {
    const file = transcript('tls10-cbc-split')
    const { at } = recordsOf(file.connections[0]!, 0).at(-4)!
    const { order, skips } = decodeWithHoles(file.connections[0]!, contextOf(file), [
      { direction: 0, from: at, to: at + 7 },
    ])
    expect(order.filter((each) => each.startsWith('0')).slice(-3)).toEqual([
      '0 ASS ftp@example.net\r\n',
      '0 P',
      '0 UIT\r\n',
    ])
    expect(skips).toEqual([[0, 2]])
  })

  it.each(readable.filter(({ name }) => name.startsWith('tls13')).map((file) => [file.name, file] as const))(
    'TLS 1.3 is read on without any one record of the handshake: %s',
    (_, file) => {
      const connection = file.connections[0]!
      const whole = decodeAll(file)[0]!.notes.order
      for (const direction of [0, 1] as const) {
        const records = recordsOf(connection, direction)
        const handshake = direction === 0 ? 3 : 2
        for (const { at, length } of records.slice(0, handshake)) {
          const hole = { direction, from: at, to: at + length }
          expect(decodeWithHoles(connection, contextOf(file), [hole]).order, `${direction} at ${at}`).toEqual(
            whole.filter((each) => !file.name.includes('rfc8448') || each !== ''),
          )
        }
      }
    },
  )

  it('up to TLS 1.2, ChangeCipherSpec and Finished may be missing, and the ClientHello too', () => {
    const file = transcript('tls12-gcm')
    const connection = file.connections[0]!
    const whole = decodeAll(file)[0]!.notes.order
    for (const direction of [0, 1] as const) {
      const records = recordsOf(connection, direction)
      const change = records.find(({ type }) => type === 20)!
      for (const length of [change.length, change.length + 45]) {
        const hole = { direction, from: change.at, to: change.at + length }
        expect(decodeWithHoles(connection, contextOf(file), [hole]).order).toEqual(whole)
      }
    }
    const [hello] = recordsOf(connection, 0)
    const without = decodeWithHoles(connection, contextOf(file), [{ direction: 0, from: 0, to: hello!.length }])
    expect(without.order).toEqual(whole)
  })
})

describe('a connection from its middle', () => {
  it.each(['tls13-aes128-gcm', 'tls13-aes256-gcm', 'tls13-chacha20', 'tls13-ccm', 'tls13-ccm8'])(
    'is read with the secrets at hand, whatever the suite: %s',
    (name) => {
      const { connections, keyLog } = transcript(name)
      const secrets = new SecretStore()
      for (const other of readable) secrets.addKeyLog(other.keyLog)
      secrets.addKeyLog(keyLog)
      const connection = connections[0]!
      const notes = new TlsNotes()
      const decoder = new TlsDecoder(tlsContext(secrets), notes, 0)
      for (const { direction, bytes } of connection.steps.slice(-8))
        decoder.data(direction, bytes, 0, bytes.length, 1, 1)
      decoder.end()
      expect(notes.text[0]).toBe('PASV\r\nQUIT\r\n')
      expect(notes.text[1]).toContain('227 Entering Passive Mode')
      expect(notes.failures).toEqual([])
    },
  )

  it('is read without knowing who is client', () => {
    const file = transcript('tls13-aes128-gcm')
    const notes = new TlsNotes()
    const decoder = new TlsDecoder(contextOf(file), notes)
    for (const { direction, bytes } of file.connections[0]!.steps.slice(-8))
      decoder.data(direction, bytes, 0, bytes.length, 1, 1)
    expect(notes.text[0]).toBe('PASV\r\nQUIT\r\n')
  })

  it('cannot be read up to TLS 1.2, whose keys need both hellos', () => {
    const notes = decodePart(transcript('tls12-gcm'), -8)
    expect(notes.order).toEqual([])
    expect(notes.failures).toEqual([{ kind: 'hello-missing' }])
  })

  it('is given up after a bounded number of tries', () => {
    const secrets = new SecretStore()
    for (let index = 0; index < 1000; index++)
      secrets.secret('server-traffic', index.toString(16).padStart(64, '0'), 0, new Uint8Array(32).fill(index))
    const context = tlsContext(secrets)
    const notes = new TlsNotes()
    const decoder = new TlsDecoder(context, notes, 0)
    for (const { direction, bytes } of transcript('tls13-ccm').connections[0]!.steps.slice(-8))
      decoder.data(direction, bytes, 0, bytes.length, 1, 1)
    decoder.end()
    expect(notes.order).toEqual([])
    expect(notes.failures).toEqual([{ kind: 'hello-missing' }])
    expect(context.effort.tries).toBeGreaterThan(200_000)
  })
})

function decodePart(file: TranscriptFile, from: number): TlsNotes {
  const notes = new TlsNotes()
  const decoder = new TlsDecoder(contextOf(file), notes, 0)
  for (const { direction, bytes } of file.connections[0]!.steps.slice(from))
    decoder.data(direction, bytes, 0, bytes.length, 1, 1)
  decoder.end()
  return notes
}
