import { defineScenario, everywhere } from '../scenario.js'

const rejected = {
  outcome: 'failed',
  cause: 'login-rejected',
  also: ['brute-force'],
  side: 'client',
  alsoSide: ['server', 'unknown'],
} as const

export default defineScenario({
  name: 'brute-force',
  title: 'Twelve wrong passwords within seconds',
  topology: { client: 'nat', server: 'public' },
  server: { software: 'pyftpdlib' },
  client: { software: 'curl', password: 'guess', parallel: 12, actions: [{ list: '/' }] },
  expect: everywhere(rejected),
  variants: { 'proftpd-curl': { server: { software: 'proftpd' } } },
})
