import { Direction, opposite } from '../../../tcp/connection.js'
import { addressOf, type Role, roleOf } from '../../facts/payload.js'
import { defineRule, type Fact } from '../../rule.js'
import { at, type CommandFact, commandFact, commandWords } from '../../words/evidence.js'
import { seconds, times } from '../../words/quantities.js'

const LEAST_NS = 1e9

export interface ZeroWindow extends Fact {
  kind: 'window-shut'
  /** Address and role of the side that did not read. */
  receiver: string
  role: Role
  /** How often its window was closed, and for how long in total. */
  shuts: number
  shutNs: number
  command: CommandFact | null
}

export const zeroWindow = defineRule<ZeroWindow>({
  id: 'zero-window',
  title: 'receiver cannot keep up',
  severity: 'warning',
  side: 'unknown',
  level: 'symptom',
  references: ['RFC 9293 §3.8.6 (managing the window)', 'RFC 9293 §3.8.6.1 (zero-window probes)'],
  samples: { reports: 'made/zero-window.pcap', silent: 'made/zero-window--silent.pcap' },
  needs: ['impeded'],

  *check(session) {
    for (const channel of session.channels) {
      const { connection, transfer } = channel
      if (!connection) continue
      for (const direction of [Direction.FromInitiator, Direction.FromResponder]) {
        const flow = connection.flows[direction]
        if (!flow.firstShut || flow.shutTime < LEAST_NS) continue
        // A side that receives no payload has nothing to read.
        if (connection.flows[opposite(direction)].end === 0) continue
        const receiver = addressOf(connection, direction)
        const role = roleOf(channel, direction)
        yield {
          fact: {
            kind: 'window-shut',
            receiver,
            role,
            shuts: flow.shuts,
            shutNs: flow.shutTime,
            command: transfer && commandFact(transfer.command.exchange),
          },
          side: role,
          confidence: 'high',
          evidence: [at(flow.firstShut, `${receiver} advertises a zero window for the first time`)],
          channel,
        }
      }
    }
  },

  texts: {
    message({ receiver, shuts, shutNs, command }) {
      const during = command ? ` during "${commandWords(command)}"` : ''
      const shut = `${receiver} closed its receive window ${times(shuts)} for ${seconds(shutNs)} in total${during}`
      return `${shut}: the program there does not read as fast as data arrives.`
    },
  },
  remedy: ({ receiver, role }) => [
    `on ${receiver} (the FTP ${role}): find out what keeps the program from reading (slow or full disk, ` +
      'virus scanner, CPU, a configured rate limit)',
  ],
})
