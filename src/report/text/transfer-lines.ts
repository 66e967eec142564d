import type { DataChannelReport, SessionReport, TransferReport } from '../contract.js'
import type { TimeZone } from '../time-zone.js'
import { bytes, count, duration } from './units.js'

/** Transfers of a session that are listed; CSV and JSON have all. */
const LISTED = 12

/** A session's transfers: when, which file, how large, how fast, or why not. */
export function transferLines({ dataChannels }: SessionReport, zone: TimeZone): string[] {
  const transfers = transfersOf(dataChannels)
  const lines = transfers.slice(0, LISTED).map((transfer) => {
    const time = zone.show(transfer.start).slice(11, 19)
    return `${time}  ${transferName(transfer)}: ${transferWords(transfer)}`
  })
  const more = transfers.length - lines.length
  if (more > 0) lines.push(`and ${count(more)} more, which --format csv --rows transfers lists`)
  return lines
}

export function transfersOf(channels: readonly DataChannelReport[]): TransferReport[] {
  return channels.flatMap(({ transfer }) => transfer ?? [])
}

/** `RETR /pub/report.pdf`: with the absolute path where that is known. */
export function transferName({ command, path, absolutePath }: TransferReport): string {
  const file = absolutePath ?? path
  return file === null ? command : `${command} ${file}`
}

/** `4.1 kB in 12.5 ms, 328 kB/s`, `1 kB of 4.1 kB in 3 s, incomplete`, `refused (550 No such file)`. */
export function transferWords(transfer: TransferReport): string {
  const { outcome, reply, bytes: size, expectedBytes, durationMs, bytesPerSecond } = transfer
  const isRefused = outcome === 'refused' && reply !== null
  const words = isRefused ? [] : [sizeWords(size, expectedBytes, durationMs)]
  if (!isRefused && bytesPerSecond !== null) words.push(`${bytes(bytesPerSecond)}/s`)
  if (outcome !== 'completed') words.push(reply ? `${outcome} (${reply.code} ${firstLine(reply.text)})` : outcome)
  return words.filter((word) => word !== '').join(', ')
}

function sizeWords(size: number | null, expected: number | null, durationMs: number | null): string {
  if (size === null) return ''
  const of = expected === null || expected === size ? '' : ` of ${bytes(expected)}`
  return `${bytes(size)}${of}${durationMs === null ? '' : ` in ${duration(durationMs)}`}`
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0]!
}
