import { AnomalyLog } from '../../../src/bytes/anomaly.js'
import { nodeCrypto } from '../../../src/cli/tls/node-crypto.js'
import type { ContentReader } from '../../../src/correlate/content/data-content.js'
import { SortedContentReader } from '../../../src/correlate/content/sorted-content-reader.js'
import { TlsContentReader } from '../../../src/correlate/content/tls-content-reader.js'
import { tlsContext } from '../../../src/tls/tls-context.js'
import { bytesOf, SEALING, type Sealing, TlsPeers } from '../../support/tls-peers.js'
import { BytesReader } from './bytes-reader.js'
import { must, type FuzzTarget } from './target.js'

const SUITES = Object.keys(SEALING) as Sealing[]
const FILE = bytesOf('content', 40_000)

/** What a step of the input does: the two lowest bits of its first byte. */
const Step = { Client: 0, Server: 1, Gap: 2 } as const
/** The secrets come before the first step, or at the end. */
const LATE = 0x80

/**
 * The bytes of both directions of a data connection, in steps of kind, length and content, with the secrets of the
 * suite that the first byte names. Whatever is changed, no content may appear that was not sent, and no
 * memory stay taken.
 */
export const content: FuzzTarget = {
  steps: { perByte: 60_000, perInput: 80_000_000 },
  seeds: () => SUITES.flatMap((suite, index) => [inputOf(suite, index), inputOf(suite, index | LATE)]),
  run(input) {
    const reader = new BytesReader(input)
    const first = reader.u8()
    const { keyLog } = new TlsPeers({ suite: SUITES[(first & 0x7f) % SUITES.length]! })
    const context = { ...tlsContext(undefined, nodeCrypto), effort: { tries: 500, bytes: 1 << 20 } }
    const room = context.budget.left
    const kept = { bytes: 0 }
    if (first < LATE) context.secrets.addKeyLog(keyLog)
    const sink = first & 1 ? { content: () => undefined, missing: () => undefined, end: () => undefined } : null
    const tls = new TlsContentReader(context, kept, sink, new AnomalyLog())
    const read: ContentReader = sink ? new SortedContentReader(tls, sink, kept) : tls
    const offsets: [number, number] = [0, 0]
    while (!reader.done) {
      const kind = reader.u8() & 3
      const length = reader.u16()
      const direction = kind === Step.Client || kind === Step.Gap ? 0 : 1
      if (kind >= Step.Gap) {
        if (length > 0) read.gap(direction, length, 1, 1)
        continue
      }
      const bytes = reader.take(length)
      const chunk = { bytes, start: 0, end: bytes.length, frame: 1, time: 1, acknowledged: -1 }
      if (bytes.length > 0) read.bytes(direction, { ...chunk, offset: offsets[direction] })
      offsets[direction] += bytes.length
    }
    context.secrets.addKeyLog(keyLog)
    read.end()
    const told = read.content
    read.release()
    must(context.budget.left === room, `${room - context.budget.left} bytes are not given back`)
    must(kept.bytes === 0, `${kept.bytes} bytes stay counted`)
    for (const flow of told?.flows ?? []) {
      const { head } = flow
      must(head === null || FILE.subarray(0, head.length).every((byte, at) => byte === head[at]), 'content nobody sent')
      must(flow.missingBytes <= (flow.bytes ?? Infinity), 'more is missing than there is')
    }
    return [
      told ? 'decrypted' : 'hidden',
      ...(read.tls?.failures.map(({ kind }) => kind) ?? []),
      ...(told?.flows.map(({ bytes, closeNotify, cut }) => `${bytes === null} ${closeNotify === null} ${cut}`) ?? []),
    ]
  },
}

function inputOf(suite: Sealing, first: number): Uint8Array {
  const peers = new TlsPeers({ suite })
  const parts: Uint8Array[] = [Uint8Array.of(first)]
  const add = (kind: number, bytes: Uint8Array) => {
    for (let at = 0; at < bytes.length; at += 60_000) {
      const part = bytes.subarray(at, at + 60_000)
      parts.push(Uint8Array.of(kind, part.length >> 8, part.length & 0xff), part)
    }
  }
  for (const { from, bytes } of peers.handshake()) add(from === 'client' ? Step.Client : Step.Server, bytes)
  add(Step.Server, peers.data('server', FILE))
  add(Step.Server, peers.closeNotify('server'))
  return Buffer.concat(parts)
}
