import { Analyzer } from '../../src/index.js'
import type { Analysis, SessionReport } from '../../src/index.js'

/** Analyses one file, given whole or in chunks. */
export function analyzed(chunks: Uint8Array | Iterable<Uint8Array>): Analysis {
  const analyzer = new Analyzer()
  analyzer.openFile('capture.pcap')
  for (const chunk of chunks instanceof Uint8Array ? [chunks] : chunks) analyzer.push(chunk)
  analyzer.closeFile()
  return analyzer.end()
}

/** What a capture's sessions were about, however its packets were cut, wrapped, repeated or mixed: no frames, times or losses. */
export function essenceOf({ sessions }: Analysis): ReturnType<typeof sessionEssence>[] {
  return sessions
    .toSorted((a, b) => a.client.port - b.client.port || a.start.localeCompare(b.start))
    .map(sessionEssence)
}

/** The same without the order of exchanges, which is that of their frames: packets out of order put it out of order, too. */
export function inAnyOrder(essence: ReturnType<typeof essenceOf>): ReturnType<typeof essenceOf> {
  const words = (exchange: unknown) => JSON.stringify(exchange)
  return essence.map((session) => ({
    ...session,
    exchanges: session.exchanges.toSorted((a, b) => words(a).localeCompare(words(b))),
  }))
}

function sessionEssence(session: SessionReport) {
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
    errors: session.findings.filter(({ severity }) => severity === 'error').map(({ id }) => id),
    outcome: session.verdict.outcome,
    cause: session.verdict.cause,
  }
}
