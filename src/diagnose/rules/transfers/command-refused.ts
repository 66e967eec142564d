import { defineRule } from '../../rule.js'
import { type Refusal, refusalMessage, refusalOf, refusalSteps, refusalWhy } from '../refusal.js'

export const commandRefused = defineRule<Refusal>({
  id: 'command-refused',
  title: 'server refused a command',
  severity: 'error',
  side: 'server',
  level: 'symptom',
  references: ['RFC 959 §4.1.3', 'RFC 959 §4.2.2 (450, 501, 504, 550, 553)', 'RFC 959 §5.4'],
  samples: { reports: 'made/command-refused.pcap', silent: 'made/command-refused--silent.pcap' },
  needs: ['refusal'],

  *check({ channels }, facts) {
    const { refused } = facts.wishes
    if (refused.length === 0) return
    const questions = new Set(channels.map((channel) => (channel.transfer ? null : facts.discouragement(channel))))
    for (const { exchange, reply, channel } of refused)
      if (!channel && !questions.has(exchange)) yield refusalOf('command', facts, exchange, reply, false)
  },

  texts: { why: refusalWhy, message: refusalMessage },
  remedy: refusalSteps,
})
