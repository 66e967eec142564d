import { BINARY_EXTENSIONS } from '../../facts/binary-names.js'
import type { Payload } from '../../facts/payload.js'
import { clientRemedy } from '../../remedies/settings/client-settings.js'
import { serverRemedy } from '../../remedies/settings/server-settings.js'
import { defineRule, type Fact } from '../../rule.js'
import { at, type CommandFact, commandEvidence, commandFact, commandWords, sizeEvidence } from '../../words/evidence.js'
import { amount, byteCount } from '../../words/quantities.js'

/** Names of files that are not text. */
const BINARY_NAME = new RegExp(`\\.(?:${BINARY_EXTENSIONS.join('|')})$`, 'i')

export interface AsciiMode extends Fact {
  /** What shows that the file is not text: its first bytes, or only its name. */
  kind: 'content' | 'name'
  /** What the first bytes are, such as "PNG image". */
  content: string | null
  command: CommandFact
  /** Bytes transferred. */
  bytes: number
  /** By how much that exceeds the file's size on the server (negative if fewer); `null` if the size was not stated. */
  change: number | null
}

export const asciiModeDamage = defineRule<AsciiMode>({
  id: 'ascii-mode-damage',
  title: 'binary file transferred in ASCII mode',
  severity: 'warning',
  side: 'client',
  level: 'remark',
  references: ['RFC 959 §3.1.1.1 (ASCII type)', 'RFC 1123 §4.1.2.2', 'RFC 3659 §4.1 (SIZE depends on TYPE)'],
  samples: { reports: 'made/ascii-mode-damage.pcap', silent: 'made/ascii-mode-damage--silent.pcap' },

  *check(session, facts) {
    const types = session.dialogue.exchanges.filter(({ command }) => command === 'TYPE')
    for (const payload of facts.payloads) {
      const { channel, transfer, direction, flow, bytes } = payload
      const { command } = transfer
      if (command.direction === 'listing' || command.representation !== 'ascii' || bytes === 0) continue
      const content = channel.head?.binary[direction] ?? null
      const named = command.path !== null && BINARY_NAME.test(command.path)
      if (content === null && !named) continue
      const said = command.exchange.replies.find((reply) => reply.preliminary)
      if (said && /\b(?:binary|image)\b/i.test(said.text)) continue
      const type = types.findLast(({ frame }) => frame < command.exchange.frame)
      // TYPE I may be among what the capture lacks, or the words of the server that tell.
      if ((facts.lacksWords || facts.unseen !== null) && (!type || !said || said.clipped)) continue
      const change = changeOf(payload)
      // Only the name suggests it, and the first bytes were captured and look like text: a text file with an odd name.
      if (content === null && channel.head?.known[direction] && change === 0) continue
      const changed = change !== null && change !== 0
      yield {
        fact: {
          kind: content === null ? 'name' : 'content',
          content,
          command: commandFact(command.exchange),
          bytes,
          change,
        },
        // The same size as on the server: it does not convert (vsftpd's default), but the client still may. A client
        // that never sends TYPE is in ASCII mode by RFC 959, without necessarily being aware of it.
        ...(change === 0 || (change === null && !type) ? { severity: 'info' as const } : {}),
        confidence: content !== null && changed ? 'high' : content !== null || changed ? 'medium' : 'low',
        evidence: [
          commandEvidence(command.exchange, 'in ASCII mode'),
          ...(type ? [commandEvidence(type)] : []),
          // If no data was captured, there is only the name.
          ...(flow.firstData
            ? [at(flow.firstData, content === null ? 'first bytes of the file' : `first bytes: ${content}`)]
            : []),
          ...sizeEvidence(command),
        ],
        channel,
      }
    }
  },

  texts: {
    message({ content, command, bytes, change }) {
      const why = content === null ? 'the file name indicates a binary file' : `the content is not text (${content})`
      return `"${commandWords(command)}" ran in ASCII mode although ${why}; ${changeWords(bytes, change)}.`
    },
  },
  remedy: (_fact, { clientSoftware, serverSoftware }) => [
    clientRemedy(clientSoftware, 'send TYPE I before each transfer', (client) => client.binary),
    `or ${serverRemedy(serverSoftware, 'disable line-ending conversion', (server) => server.noConversion)}`,
  ],
})

function changeWords(bytes: number, change: number | null): string {
  if (change === null) return 'bytes that look like line endings are changed'
  if (change === 0) {
    const same = `the ${amount(bytes)} match the size on the server, so it did not convert`
    return `${same}; a client that does will corrupt the file`
  }
  const count = Math.abs(change)
  const difference = `${count} ${count === 1 ? 'was' : 'were'} ${change > 0 ? 'added' : 'removed'}`
  return `${byteCount(bytes)} transferred, but the file has ${bytes - change} on the server: ${difference}`
}

/** Bytes more or fewer than the file's size on the server; `null` if the size was not stated. */
function changeOf({ transfer, bytes, flow }: Payload): number | null {
  const { expectedBytes } = transfer.command
  if (expectedBytes === null || flow.fin === null || transfer.hidden) return null
  return bytes - expectedBytes
}
