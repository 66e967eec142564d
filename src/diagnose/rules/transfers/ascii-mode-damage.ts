import type { Payload } from '../../facts/payload.js'
import { clientRemedy } from '../../remedies/settings/client-settings.js'
import { serverRemedy } from '../../remedies/settings/server-settings.js'
import { defineRule, type Fact } from '../../rule.js'
import { at, type CommandFact, commandEvidence, commandFact, commandWords, sizeEvidence } from '../../words/evidence.js'
import { amount } from '../../words/quantities.js'

/** Names of files that are no text. */
const BINARY_NAME = new RegExp(
  `\\.(?:${[
    '7z|apk|avi|bin|bz2|cab|class|dat|db|deb|dll|dmg|doc|docx|exe|flac|gif|gz|ico|img|iso|jar|jpe?g|lz4|m4a|mdb|mkv|mov',
    'mp[34]|mpe?g|msi|o|odt|ogg|pdf|pfx|png|ppt|pptx|rar|rpm|so|sqlite|tar|tgz|tiff?|ttf|war|wav|webp|whl|woff2?|xls',
    'xlsx|xz|z|zip|zst',
  ].join('|')})$`,
  'i',
)

interface AsciiMode extends Fact {
  /** What tells that the file is no text: its first bytes, or its name alone. */
  kind: 'content' | 'name'
  /** What the first bytes are: "PNG image". */
  content: string | null
  command: CommandFact
  /** Bytes that passed. */
  bytes: number
  /** How many more that is than the server has of the file, or fewer; `null` where its size was not stated. */
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
      const change = changeOf(payload)
      // By its name only, and its first bytes are seen and look like text: a text with an odd name.
      if (content === null && channel.head?.content[direction] === 'clear' && change === 0) continue
      const changed = change !== null && change !== 0
      const type = types.findLast(({ frame }) => frame < command.exchange.frame)
      yield {
        fact: {
          kind: content === null ? 'name' : 'content',
          content,
          command: commandFact(command.exchange),
          bytes,
          change,
        },
        // Byte for byte what the server has: it does not convert (vsftpd's default), but the client may still do so. A client that
        // never sends TYPE is in ASCII mode by RFC 959, and not always knows.
        ...(change === 0 || (change === null && !type) ? { severity: 'info' as const } : {}),
        confidence: content !== null && changed ? 'high' : content !== null || changed ? 'medium' : 'low',
        evidence: [
          commandEvidence(command.exchange, 'in ASCII mode'),
          ...(type ? [commandEvidence(type)] : []),
          // Of a file of which nothing was captured only the name tells.
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
      const why = content === null ? 'the name says that the file is no text' : `its content is no text (${content})`
      return `"${commandWords(command)}" ran in ASCII mode, though ${why}; ${changeWords(bytes, change)}.`
    },
  },
  remedy: (_fact, { clientSoftware, serverSoftware }) => [
    clientRemedy(clientSoftware, 'TYPE I before each transfer', (client) => client.binary),
    `or ${serverRemedy(serverSoftware, 'no conversion of line ends', (server) => server.noConversion)}`,
  ],
})

function changeWords(bytes: number, change: number | null): string {
  if (change === null) return 'bytes that look like line ends are changed on the way'
  if (change === 0) {
    const same = `the ${amount(bytes)} are as many as the server has, so it did not convert`
    return `${same}; a client that does will damage the file`
  }
  const difference = `${Math.abs(change)} were ${change > 0 ? 'added' : 'removed'}`
  return `${bytes} bytes passed where the server has ${bytes - change}: ${difference}`
}

/** Bytes more or fewer than the server has of the file; `null` where its size was not told. */
function changeOf({ transfer, bytes, flow }: Payload): number | null {
  const { expectedBytes } = transfer.command
  if (expectedBytes === null || flow.fin === null) return null
  return bytes - expectedBytes
}
