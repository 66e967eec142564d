import { describe, expect, it } from 'vitest'
import { ByteBudget } from '../../src/tls/connection/byte-budget.js'
import { hopingContext, type TlsContext, tlsContext } from '../../src/tls/tls-context.js'
import { TlsDecoder } from '../../src/tls/tls-decoder.js'
import { TlsNotes } from '../support/tls-transcript.js'
import { bytesOf, type Sealing, TlsPeers } from '../support/tls-peers.js'

/** Feeds a download of a megabyte to a decoder that wants 2048 bytes of it. */
function downloaded(context: TlsContext, peers: TlsPeers, notes: TlsNotes): TlsDecoder {
  const decoder = new TlsDecoder(context, notes, null, 2048)
  const take = (from: 'client' | 'server', bytes: Uint8Array) => {
    const direction = from === 'client' ? 0 : 1
    for (let at = 0; at < bytes.length; at += 1400)
      decoder.data(direction, bytes, at, Math.min(bytes.length, at + 1400), 1, 1)
  }
  for (const { from, bytes } of peers.handshake()) take(from, bytes)
  take('server', peers.data('server', bytesOf('content', 1 << 20)))
  take('server', peers.closeNotify('server'))
  return decoder
}

class Measured extends TlsNotes {
  bytes = 0

  override application(...args: Parameters<TlsNotes['application']>): void {
    super.application(...args)
    if (args[0] === 1) this.bytes += args[1].length
  }

  measured(direction: 0 | 1, length: number): void {
    if (direction === 1) this.bytes += length
  }
}

const held = ({ heldBudget }: TlsContext, before: number) => before - heldBudget.left

describe('records that wait for a secret', () => {
  it.each(['tls13-aes128-gcm', 'tls12-aes256-gcm', 'tls12-cbc-sha'] satisfies Sealing[])(
    'are few of a data connection, however long it is: %s',
    (suite) => {
      const peers = new TlsPeers({ suite })
      const context = tlsContext()
      const before = context.heldBudget.left
      const notes = new Measured()
      const decoder = downloaded(context, peers, notes)
      expect(held(context, before)).toBeGreaterThan(16_384)
      expect(held(context, before)).toBeLessThan(64 * 1024)
      context.secrets.addKeyLog(peers.keyLog)
      decoder.end()
      expect(notes.bytes).toBe(1 << 20)
      expect(decoder.facts.measuredRecords[1]).toBeGreaterThan(60)
      expect(decoder.facts.opaqueRecords).toEqual([0, 0])
      expect(context.heldBudget.left).toBe(before)
    },
  )

  it('are none where no secret can come', () => {
    const context = hopingContext(tlsContext(), () => false)
    const before = context.heldBudget.left
    const budget = context.budget.left
    const decoder = downloaded(context, new TlsPeers(), new Measured())
    expect(held(context, before)).toBe(0)
    expect(context.budget.left).toBe(budget)
    expect(decoder.isDone).toBe(true)
    expect(decoder.facts.failures).toMatchObject([{ kind: 'no-secret' }])
  })

  it('count to a budget of their own while there is only hope', () => {
    let mayCome = true
    const context = hopingContext(tlsContext(), () => mayCome)
    expect(context.maxHeldBytes).toBe(96 * 1024)
    const small = context.heldBudget
    expect(small.left).toBe(8 << 20)
    mayCome = false
    expect(context.maxHeldBytes).toBe(0)
    context.secrets.addKeyLog(new TlsPeers().keyLog)
    expect(context.maxHeldBytes).toBe(256 * 1024)
    expect(context.heldBudget).not.toBe(small)
    expect(context.heldBudget).toBe(context.budget)
  })

  it('are given up without room for them', () => {
    const peers = new TlsPeers()
    const context: TlsContext = { ...tlsContext(), heldBudget: new ByteBudget(1000) }
    const decoder = downloaded(context, peers, new Measured())
    context.secrets.addKeyLog(peers.keyLog)
    decoder.end()
    expect(context.heldBudget.left).toBe(1000)
    expect(decoder.facts.opaqueRecords[1]).toBeGreaterThan(0)
  })
})

describe('of bulk data', () => {
  it('only the first records are decrypted, and those that may be messages', () => {
    const peers = new TlsPeers()
    const context = tlsContext()
    context.secrets.addKeyLog(peers.keyLog)
    let opened = 0
    const { crypto } = context
    const counting: TlsContext = {
      ...context,
      crypto: {
        ...crypto,
        aead: (name, key) => {
          const cipher = crypto.aead(name, key)
          return {
            open(nonce, data, sealed) {
              opened += sealed.length
              return cipher.open(nonce, data, sealed)
            },
          }
        },
      },
    }
    const notes = new Measured()
    downloaded(counting, peers, notes).end()
    expect(notes.bytes).toBe(1 << 20)
    // One record of data, the handshake's, and close_notify.
    expect(opened).toBeLessThan(2 * 16_384)
  })
})
