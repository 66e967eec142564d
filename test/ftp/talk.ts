import { AnomalyLog } from '../../src/bytes/anomaly.js'
import { classifyControl } from '../../src/ftp/recognition/detect.js'
import type { FtpLimits } from '../../src/ftp/limits.js'
import type { Announcement, Dialogue } from '../../src/ftp/model.js'
import { ControlSession } from '../../src/ftp/session.js'
import { Direction } from '../../src/tcp/connection.js'

/** Bytes sent by one side. */
export interface Speech {
  from: 'client' | 'server'
  bytes: Uint8Array
}

export function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}

/**
 * A dialogue as written in RFCs: each line begins with `C: ` or `S: `, and ends in CRLF on the wire. A line without
 * either is from the same side as the line before.
 */
export function script(text: string): Speech[] {
  const speeches: Speech[] = []
  let from: Speech['from'] = 'server'
  for (const line of text.split('\n').filter((line) => line.trim() !== '')) {
    const side = /^\s*([CS]): ?/.exec(line)
    if (side) from = side[1] === 'C' ? 'client' : 'server'
    speeches.push({ from, bytes: latin1((side ? line.slice(side[0].length) : line) + '\r\n') })
  }
  return speeches
}

export function client(text: string): Speech {
  return { from: 'client', bytes: latin1(text) }
}
export function server(text: string): Speech {
  return { from: 'server', bytes: latin1(text) }
}

export interface Heard {
  dialogue: Dialogue
  announced: Announcement[]
  anomalies: AnomalyLog
  kind: ReturnType<typeof classifyControl>
}

export interface HearOptions {
  implicitTls?: boolean
  limits?: Partial<FtpLimits>
  /** Frame of each speech; its 1-based number by default. */
  frame?: (index: number) => number
  end?: boolean
}

/** Feeds speeches to a session, each as one segment with its own frame number, one second apart. */
export function hear(
  speeches: readonly (Speech | { gap: 'client' | 'server'; length: number })[],
  options: HearOptions = {},
): Heard {
  const anomalies = new AnomalyLog()
  const announced: Announcement[] = []
  const session = new ControlSession({
    port: 21,
    implicitTls: options.implicitTls ?? false,
    anomalies,
    onAnnouncement: (announcement) => announced.push(announcement),
    limits: options.limits ?? {},
  })
  const offsets = { client: 0, server: 0 }
  for (const [index, speech] of speeches.entries()) {
    const frame = options.frame?.(index) ?? index + 1
    const time = frame * 1e9
    if ('gap' in speech) {
      session.gap(direction(speech.gap), speech.length, frame, time)
      offsets[speech.gap] += speech.length
    } else {
      session.data(direction(speech.from), speech.bytes, 0, speech.bytes.length, frame, time, offsets[speech.from])
      offsets[speech.from] += speech.bytes.length
    }
  }
  if (options.end !== false) session.end()
  return { dialogue: session.dialogue, announced, anomalies, kind: classifyControl(session.dialogue) }
}

function direction(side: 'client' | 'server'): Direction {
  return side === 'client' ? Direction.FromInitiator : Direction.FromResponder
}

/** Exchanges in short: `USER 331`, `RETR 150 226`, `- 220` for unsolicited replies. */
export function outline(dialogue: Dialogue): string[] {
  return dialogue.exchanges.map((exchange) =>
    [exchange.command ?? '-', ...exchange.replies.map((reply) => reply.code)].join(' '),
  )
}
