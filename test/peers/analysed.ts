import type { Analysis, SessionReport } from '../../src/index.js'
import { login, type FtpSession, type SessionOptions } from '../support/ftp-scene.js'
import { openControl, type Place } from '../support/places.js'
import { clonePacket, type ScenePacket } from '../support/scene-packet.js'
import type { Transform } from '../support/transforms.js'
import { analyzed } from '../property/essence.js'

/** The analysis of what a script plays at a place after greeting and login. */
export function analysisOf(at: Place, play: (session: FtpSession) => void, options: SessionOptions = {}): Analysis {
  const session = openControl(at, options)
  login(session)
  play(session)
  return analyzed(at.scene.toPcap())
}

/** The one session of such a capture. */
export function sessionOf(...script: Parameters<typeof analysisOf>): SessionReport {
  const { sessions } = analysisOf(...script)
  if (sessions.length !== 1) throw new Error(`${sessions.length} sessions`)
  return sessions[0]!
}

/** Data channels in short: `PASV 50005 established announced RETR completed`. */
export function channelsOf({ dataChannels }: SessionReport): string[] {
  return dataChannels.map(({ verb, announcement, state, match, transfer }) =>
    [
      verb ?? '-',
      announcement?.port ?? '-',
      state,
      match,
      ...(transfer === null ? [] : [transfer.command, transfer.outcome]),
    ].join(' '),
  )
}

/** Exchanges in short: `USER 331`, `RETR 150 226`, `- 220` for replies that no command caused. */
export function exchangesOf({ exchanges }: SessionReport): string[] {
  return exchanges.map(({ command, replies }) => [command ?? '-', ...replies.map(({ code }) => code)].join(' '))
}

/**
 * The packet that one test finds first comes directly after the one that another finds first, with times still in
 * order.
 */
export function swapped(late: (packet: ScenePacket) => boolean, early: (packet: ScenePacket) => boolean): Transform {
  return (packets) => {
    const from = packets.findIndex(late)
    const to = packets.findIndex((packet, index) => index > from && early(packet))
    if (from < 0 || to < 0) throw new Error('No such packets')
    const moved = [...packets]
    moved.splice(to, 0, ...moved.splice(from, 1))
    return moved.map((packet, index) => clonePacket(packet, { time: packets[index]!.time }))
  }
}

/** Whether the packet comes from this port and its payload begins with these words. */
export function says(words: string, port?: number): (packet: ScenePacket) => boolean {
  return ({ tcp, payload }) =>
    (port === undefined || tcp?.sourcePort === port) &&
    payload.length > 0 &&
    new TextDecoder().decode(payload).startsWith(words)
}
