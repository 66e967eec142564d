import { endpointText } from '../../diagnose/words/evidence.js'
import type { SessionReport } from '../contract.js'

const texts = new WeakMap<SessionReport, string>()

/** The text in which words are looked for, in lower case; created when a session is first searched. */
export function searchText(session: SessionReport): string {
  const known = texts.get(session)
  if (known !== undefined) return known
  const { id, client, server, user, serverSoftware, clientSoftware, verdict, findings, dataChannels, exchanges } =
    session
  const text = [
    `#${id}`,
    endpointText(client.address, client.port),
    endpointText(server.address, server.port),
    client.name,
    server.name,
    user,
    serverSoftware,
    clientSoftware,
    verdict.outcome,
    verdict.sentence,
    ...findings.flatMap((finding) => [finding.id, finding.title]),
    ...dataChannels.flatMap(({ transfer, to }) => [transfer?.absolutePath, transfer?.path, to.address, to.port]),
    ...exchanges.flatMap(({ command, argument, replies }) => [
      command,
      argument,
      ...replies.map((reply) => reply.code),
    ]),
  ]
    .join('\n')
    .toLowerCase()
  texts.set(session, text)
  return text
}
