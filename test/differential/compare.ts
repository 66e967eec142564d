import type { Reading, Stream } from './readings.js'

/** What two readings of a capture are compared in. `at` is a frame number, for the latter three a stream number. */
export type Aspect = 'command' | 'reply' | 'data' | 'retransmissions' | 'handshake'

/** A place where two readings differ; `null` where one has nothing there. */
export interface Disagreement {
  aspect: Aspect
  at: number
  ours: string | null
  theirs: string | null
  /** Addresses and ports of the connection. */
  ends: string
  /** Of that connection. */
  firstFrame: number
}

/** `streamOf` tells the stream of a frame. */
export function disagreements(
  ours: Reading,
  theirs: Reading,
  streamOf: (frame: number) => number | undefined,
): Disagreement[] {
  const connection = (stream: number | undefined) => ours.streams.get(stream ?? -1)
  return [
    ...differing('command', texts(ours.commands), texts(theirs.commands), (frame) => connection(streamOf(frame))),
    ...differing('reply', texts(ours.replies), texts(theirs.replies), (frame) => connection(streamOf(frame))),
    ...differing('data', json(ours.data), json(theirs.data), connection),
    ...differing('retransmissions', counts(ours), counts(theirs), connection),
    ...differing('handshake', handshakes(ours), handshakes(theirs), connection),
  ]
}

function differing(
  aspect: Aspect,
  ours: ReadonlyMap<number, string>,
  theirs: ReadonlyMap<number, string>,
  connection: (at: number) => Stream | undefined,
): Disagreement[] {
  const places = [...new Set([...ours.keys(), ...theirs.keys()])].sort((a, b) => a - b)
  return places
    .filter((at) => ours.get(at) !== theirs.get(at))
    .map((at) => ({
      aspect,
      at,
      ours: ours.get(at) ?? null,
      theirs: theirs.get(at) ?? null,
      ends: connection(at)?.ends ?? '',
      firstFrame: connection(at)?.firstFrame ?? 0,
    }))
}

function texts(lines: ReadonlyMap<number, string[]>): Map<number, string> {
  return new Map([...lines].map(([frame, list]) => [frame, list.join('\n')]))
}

function json(values: ReadonlyMap<number, unknown>): Map<number, string> {
  return new Map([...values].map(([at, value]) => [at, JSON.stringify(value)]))
}

function counts({ streams }: Reading): Map<number, string> {
  return new Map([...streams].map(([at, { retransmissions }]) => [at, String(retransmissions)]))
}

function handshakes({ streams }: Reading): Map<number, string> {
  return new Map([...streams].flatMap(([at, { handshake }]) => (handshake === null ? [] : [[at, String(handshake)]])))
}
