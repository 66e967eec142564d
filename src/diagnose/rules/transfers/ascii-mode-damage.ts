import { defineRule } from '../../legacy.js'
import { amount } from '../../words/quantities.js'
import { at, commandEvidence, commandLine } from '../../words/evidence.js'
import { type Payload, payloadsOf } from '../../facts/payload.js'
import { clientRemedy } from '../../remedies/settings/client-settings.js'
import { serverRemedy } from '../../remedies/settings/server-settings.js'

/** Names of files that are no text. */
const BINARY_NAME =
  /\.(?:7z|apk|avi|bin|bz2|cab|class|dat|db|deb|dll|dmg|doc|docx|exe|flac|gif|gz|ico|img|iso|jar|jpe?g|lz4|m4a|mdb|mkv|mov|mp[34]|mpe?g|msi|o|odt|ogg|pdf|pfx|png|ppt|pptx|rar|rpm|so|sqlite|tar|tgz|tiff?|ttf|war|wav|webp|whl|woff2?|xls|xlsx|xz|z|zip|zst)$/i

export const asciiModeDamage = defineRule({
  id: 'ascii-mode-damage',
  title: 'binary file transferred in ASCII mode',
  severity: 'warning',
  side: 'client',
  level: 'remark',
  explains: ['transfer-incomplete'],
  remedy: ['TYPE I (binary) for everything that is not text'],
  references: ['RFC 959 §3.1.1.1 (ASCII type)', 'RFC 1123 §4.1.2.2', 'RFC 3659 §4.1 (SIZE depends on TYPE)'],
  samples: { reports: 'made/ascii-mode-damage.pcap', silent: 'made/ascii-mode-damage--silent.pcap' },

  *check(session) {
    const types = session.dialogue.exchanges.filter(({ command }) => command === 'TYPE')
    for (const payload of payloadsOf(session)) {
      const { channel, transfer, direction, flow } = payload
      const { command } = transfer
      if (command.direction === 'listing' || command.representation !== 'ascii' || !transfer.bytes) continue
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
        // Byte for byte what the server has: it does not convert (vsftpd's default), but the client may still do so. A client that
        // never sends TYPE is in ASCII mode by RFC 959, and not always knows.
        ...(change === 0 || (change === null && !type) ? { severity: 'info' as const } : {}),
        confidence: content !== null && changed ? 'high' : content !== null || changed ? 'medium' : 'low',
        message: `"${commandLine(command.exchange)}" ran in ASCII mode, though ${
          content === null ? `the name says that the file is no text` : `its content is no text (${content})`
        }; ${
          change === null
            ? 'bytes that look like line ends are changed on the way'
            : change === 0
              ? `the ${amount(transfer.bytes)} are as many as the server has, so it did not convert; a client that does will damage the file`
              : `${transfer.bytes} bytes passed where the server has ${transfer.bytes - change}: ${Math.abs(change)} were ${change > 0 ? 'added' : 'removed'}`
        }.`,
        evidence: [
          commandEvidence(command.exchange, 'in ASCII mode'),
          ...(type ? [commandEvidence(type)] : []),
          // Of a file of which nothing was captured only the name tells.
          ...(flow.firstData
            ? [at(flow.firstData, content === null ? 'first bytes of the file' : `first bytes: ${content}`)]
            : []),
          ...(command.expectedFrame === null
            ? []
            : [{ frame: command.expectedFrame, note: `${command.expectedBytes!} bytes expected` }]),
        ],
        remedy: [
          clientRemedy(session.dialogue.clientSoftware, 'TYPE I before each transfer', (client) => client.binary),
          `or ${serverRemedy(session.dialogue.serverSoftware, 'no conversion of line ends', (s) => s.noConversion)}`,
        ],
        channel,
      }
    }
  },
})

/** Bytes more or fewer than the server has of the file; `null` where its size was not told. */
function changeOf({ transfer, flow }: Payload): number | null {
  const { expectedBytes } = transfer.command
  if (expectedBytes === null || transfer.bytes === null || flow.fin === null) return null
  return transfer.bytes - expectedBytes
}
