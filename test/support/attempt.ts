import type { PathOptions } from './conversation-options.js'
import type { Conversation } from './conversation.js'
import type { IcmpError } from './packet-writer.js'
import type { Scene } from './scene.js'
import { Flag, type ScenePacket } from './scene-packet.js'

export interface ResetLook {
  hopLimit?: number
  identification?: number
  window?: number
}

export interface AttemptOptions extends PathOptions {
  /** SYNs sent: at 0, 1, 3, 7, 15 s, with the same port and initial sequence number. Default 3 unanswered, else 1. */
  attempts?: number
  /** The answer to each SYN. A `syn-ack` does not arrive, so that it is retransmitted like the SYN. */
  answer?: 'none' | 'rst' | 'syn-ack' | { rst: ResetLook } | { icmp: IcmpError; only?: 'first' }
  /** Milliseconds between SYNs, instead of the doubling delays (Windows retries a refused SYN after 500). */
  interval?: number
}

/** SYNs that do not open a connection. */
export function attemptConnection(scene: Scene, conversation: Conversation, options: AttemptOptions): Conversation {
  const answer = options.answer ?? 'none'
  const attempts = options.attempts ?? (answer === 'none' || answer === 'syn-ack' ? 3 : 1)
  const begin = scene.clock(conversation.end('client').host) + 0.1e6
  for (let attempt = 0; attempt < attempts; attempt++) {
    const offset = options.interval === undefined ? (2 ** attempt - 1) * 1e9 : attempt * options.interval * 1e6
    const time = begin + offset
    const syn = conversation.synchronize('client', time)
    if (answer !== 'none') answerSyn(scene, conversation, answer, syn, time, attempt)
  }
  return conversation
}

function answerSyn(
  scene: Scene,
  conversation: Conversation,
  answer: Exclude<AttemptOptions['answer'], 'none' | undefined>,
  syn: ScenePacket,
  time: number,
  attempt: number,
): void {
  const server = conversation.end('server')
  const arrival = time + conversation.oneWay + 0.04e6
  server.received = 1
  if (answer === 'syn-ack') {
    conversation.synchronize('server', arrival)
    return
  }
  if (typeof answer === 'object' && 'icmp' in answer) {
    if (attempt > 0 && answer.only === 'first') return
    scene.icmp(answer.icmp, syn)
    scene.reach(conversation.end('client').host, syn.time + 5e6)
    return
  }
  const { window = 0, ...ip } = answer === 'rst' ? {} : answer.rst
  conversation.transmit(server, { flags: Flag.Rst | Flag.Ack, sequence: 0, window }, arrival, true, ip)
}
