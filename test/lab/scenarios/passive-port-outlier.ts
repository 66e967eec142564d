import { defineScenario, everywhere } from '../scenario.js'

const failed = {
  outcome: 'failed',
  cause: 'passive-port-outlier',
  also: ['passive-port-unanswered'],
  side: 'server',
  alsoSide: ['server-network', 'path', 'unknown'],
} as const

export default defineScenario({
  name: 'passive-port-outlier',
  title: 'The passive range is exhausted; the server falls back to a port that the firewall blocks',
  topology: { client: 'nat', server: 'public' },
  server: {
    software: 'scripted',
    script: { ports: [50000, 50001, 50002, 39177] },
  },
  client: {
    software: 'lftp',
    mode: 'passive',
    actions: [{ get: 'readme.txt' }, { get: 'report.bin' }, { list: '' }, { list: 'pub' }],
  },
  fault: { at: 'rs', forward: ['iifname "eth0" tcp dport != { 21, 50000-50100 } drop'] },
  expect: { ...everywhere(failed), server: { ...failed, also: ['passive-port-unanswered', 'passive-not-attempted'] } },
  sample: ['client'],
  variants: {
    inetutils: {
      client: {
        software: 'inetutils-ftp',
        mode: 'passive',
        actions: [{ list: '' }, { get: 'report.bin' }, { list: '' }, { list: '' }],
      },
    },
  },
})
