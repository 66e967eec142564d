import type { FindingId } from '../../src/diagnose/catalogue.js'
import { Analyzer } from '../../src/index.js'
import type { Analysis, FindingReport, SessionReport } from '../../src/index.js'

/** Analyzes one file, given whole or in chunks. */
export function analyzed(chunks: Uint8Array | Iterable<Uint8Array>): Analysis {
  const analyzer = new Analyzer()
  analyzer.openFile('capture.pcap')
  for (const chunk of chunks instanceof Uint8Array ? [chunks] : chunks) analyzer.push(chunk)
  analyzer.closeFile()
  return analyzer.end()
}

/**
 * The content of a capture's sessions, however its packets were segmented, encapsulated, repeated or reordered: no
 * frames, times or losses, and none of the findings in `without`, which the change adds or removes.
 */
export function essenceOf(
  { sessions }: Analysis,
  without: readonly FindingId[] = [],
): ReturnType<typeof sessionEssence>[] {
  return sessions
    .toSorted((a, b) => a.client.port - b.client.port || a.start.localeCompare(b.start))
    .map((session) => sessionEssence(session, without))
}

/** The findings on the capture as a whole. */
export function captureEssence({ findings }: Analysis, without: readonly FindingId[] = []) {
  return findings.filter(({ id }) => !(without as readonly string[]).includes(id)).map(findingEssence)
}

/** The same without the order of exchanges, which follows that of their frames. */
export function inAnyOrder(essence: ReturnType<typeof essenceOf>): ReturnType<typeof essenceOf> {
  const words = (exchange: unknown) => JSON.stringify(exchange)
  return essence.map((session) => ({
    ...session,
    exchanges: session.exchanges.toSorted((a, b) => words(a).localeCompare(words(b))),
  }))
}

/** Middleboxes read segments one by one in order of arrival: changed segments give other findings. */
export const OF_SEGMENTS: readonly FindingId[] = ['tracker-prediction']

function findingEssence({ id, severity, confidence, side, rivals, dataChannel }: FindingReport) {
  return { id, severity, confidence, side, rivals, dataChannel }
}

function sessionEssence(session: SessionReport, without: readonly string[]) {
  const { client, server, user, login, security, serverSoftware, clientSoftware, control } = session
  return {
    client,
    server,
    user,
    login,
    security,
    serverSoftware,
    clientSoftware,
    state: control.state,
    exchanges: session.exchanges.map(({ command, argument, replies }) => ({
      command,
      argument,
      replies: replies.map(({ code, text }) => [code, text]),
    })),
    channels: session.dataChannels.map(
      ({ mode, verb, announcement, from, to, state, match, connection, transfer }) => ({
        mode,
        verb,
        announced: announcement && [announcement.address, announcement.port],
        from,
        to,
        state,
        match,
        bytes: connection?.bytes ?? null,
        transfer: transfer && [
          transfer.command,
          transfer.path,
          transfer.direction,
          transfer.restartAt,
          transfer.bytes,
          transfer.expectedBytes,
          transfer.outcome,
          transfer.reply,
        ],
      }),
    ),
    transfers: session.transfers,
    findings: session.findings.filter(({ id }) => !without.includes(id)).map(findingEssence),
    outcome: session.verdict.outcome,
    cause: session.verdict.cause,
  }
}
