import { defineScenario, everywhere, healthy } from '../scenario.js'

const failed = {
  outcome: 'failed',
  cause: 'greeting-malformed',
  side: 'server',
} as const

export default defineScenario({
  name: 'greeting-malformed',
  title: 'The greeting has no reply code',
  topology: { client: 'nat', server: 'public' },
  server: { software: 'scripted', script: { greeting: 'Welcome to Example FTP' } },
  client: { software: 'ftplib', actions: [{ list: '/' }], timeout: 8 },
  expect: everywhere(failed),
  variants: {
    'no-code-curl': { client: { software: 'curl', actions: [{ list: '/' }], timeout: 8 } },
    'no-code-lftp': { client: { software: 'lftp', actions: [{ list: '' }], timeout: 8 } },
    'two-ftplib': {
      title: 'Two greetings, one after the other',
      server: { software: 'scripted', script: { greeting: ['220 Welcome.', { text: '220 Ready.', delayMs: 20 }] } },
    },
    'two-curl': {
      title: 'Two greetings, one after the other',
      server: { software: 'scripted', script: { greeting: ['220 Welcome.', { text: '220 Ready.', delayMs: 20 }] } },
      client: { software: 'curl', mode: 'passive', actions: [{ get: 'report.bin' }] },
    },
    'each-line-inetutils': {
      title: 'Each line of the greeting is a complete reply',
      server: { software: 'scripted', script: { greeting: '220 Welcome\r\n220 to Example\r\n220 Ready.' } },
      client: { software: 'inetutils-ftp', mode: 'passive', actions: [{ get: 'report.bin' }], timeout: 8 },
    },
    'other-code-curl': {
      title: '200 instead of 220',
      server: { software: 'scripted', script: { greeting: '200 Ready.' } },
      client: { software: 'curl', mode: 'passive', actions: [{ get: 'report.bin' }], timeout: 8 },
    },
    'banner-healthy-wget': {
      title: 'A line of text without a code before 220',
      server: { software: 'scripted', script: { greeting: 'Welcome to Example\r\n220 Ready.' } },
      client: { software: 'wget', actions: [{ get: 'report.bin' }], timeout: 8 },
      expect: healthy(1),
    },
  },
})
