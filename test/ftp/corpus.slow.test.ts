import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Dialogue } from '../../src/ftp/model.js'
import { CORPUS } from '../support/captures.js'
import { follow, HAS_CORPUS } from './follow.js'
import { hear, outline } from './talk.js'

interface Truth {
  file: string
  commands: Record<string, number>
  replies: Record<string, number>
}
const truth = HAS_CORPUS ? (JSON.parse(readFileSync(join(CORPUS, 'truth.json'), 'utf8')) as Truth[]) : []

/** Control streams of a file, as tshark numbers them. */
const CONTROL_STREAMS: Record<string, number[]> = {
  'suricata-verify__firewall__ruletype-firewall-116-ftp-all-data-ipv4__input.pcap': [0, 8],
  'suricata-verify__firewall__ruletype-firewall-117-ftp-all-data-ipv6__input.pcap': [0, 8],
  'suricata-verify__ftp__ftp-bounce__test.pcap': [0, 1],
}

/** Excluded: fuzzed packets, and fragments that yield no stream. */
const WITHOUT_STREAM = ['nDPI__fuzz-2006-06-26-2594.pcap', 'zeek__ipv4__fragmented-3.pcap']

/** Intended differences from the counts in truth.json. */
const DEVIATIONS: Record<string, { commands?: Record<string, number>; replies?: Record<string, number> }> = {
  // "230_no_space" is read as a 230, with an anomaly.
  'zeek__ftp__ftp-missing-space-after-reply-code.pcap': { replies: { '230': 3 } },
  // Verbs with 128 letters count under their own name here.
  'zeek__ftp__fake-long-commands.pcap': {
    commands: { ['TYPE' + 'E'.repeat(128)]: 1, ['SYST' + 'T'.repeat(128)]: 1 },
  },
}

function dialogues(file: string): Dialogue[] {
  return (CONTROL_STREAMS[file] ?? [0]).map(
    (stream) =>
      hear(follow(file, stream).map(({ fromServer, bytes }) => ({ from: fromServer ? 'server' : 'client', bytes })))
        .dialogue,
  )
}

function count(values: (string | number | null)[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const value of values) if (value !== null) counts[value] = (counts[value] ?? 0) + 1
  return counts
}

describe.skipIf(!HAS_CORPUS)('public captures', () => {
  it.each(truth.filter(({ file }) => !WITHOUT_STREAM.includes(file)).map((entry) => [entry.file, entry] as const))(
    'have the expected commands and replies: %s',
    (file, { commands, replies }) => {
      const exchanges = dialogues(file).flatMap((dialogue) => dialogue.exchanges)
      expect(count(exchanges.map((exchange) => exchange.command))).toEqual({
        ...commands,
        ...DEVIATIONS[file]?.commands,
      })
      expect(count(exchanges.flatMap((exchange) => exchange.replies.map((reply) => reply.code)))).toEqual({
        ...replies,
        ...DEVIATIONS[file]?.replies,
      })
    },
  )

  it('pair commands sent before the greeting in order', () => {
    const [dialogue] = dialogues('zeek__ftp__fake-server-delays-all.pcap')
    expect(outline(dialogue!).filter((line) => line !== '- 220')).toEqual([
      'USER 230',
      'PASS 230',
      'SYST 215',
      'TYPE 200',
      'PASV 227',
      'RETR 225',
      'PORT 200',
      'QUIT 221',
    ])
  })

  it('show that TLS begins after AUTH TLS', () => {
    const [dialogue] = dialogues('zeek__ftp__ftp-auth-tls.pcap')
    expect(dialogue).toMatchObject({
      security: 'explicit-tls',
      tls: { established: true },
      serverSoftware: 'vsftpd 3.0.5',
    })
  })

  it('with an SSH banner inside FTP are FTP, and Telnet on port 21 is not', () => {
    expect(dialogues('zeek__ftp__ipv6-violation.pcap')[0]!.otherProtocol).toBeNull()
    expect(dialogues('zeek__telnet-auth-missing-name.pcap')[0]!.otherProtocol?.name).toBe('Telnet')
  })

  it('show the third host of an FTP bounce', () => {
    const [, bounce] = dialogues('suricata-verify__ftp__ftp-bounce__test.pcap')
    expect(bounce!.announcements).toMatchObject([
      { address: '2.2.2.3', port: 80, accepted: true, notes: ['privileged-port'] },
    ])
  })
})
