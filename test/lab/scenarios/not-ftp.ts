import { defineScenario, everywhere } from '../scenario.js'

const failed = {
  outcome: 'failed',
  cause: 'not-ftp',
  side: 'server',
  alsoSide: ['client', 'unknown', 'server-network'],
  transfers: { attempted: 0, completed: 0 },
} as const

export default defineScenario({
  name: 'not-ftp',
  title: 'An SSH server listens on port 21',
  topology: { client: 'nat', server: 'public' },
  server: { software: 'scripted', script: { greeting: 'SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3' } },
  client: { software: 'curl', actions: [{ list: '/' }], timeout: 8 },
  expect: everywhere(failed),
  sample: ['client'],
  variants: {
    'smtp-curl': {
      title: 'A mail server listens on port 21',
      server: {
        software: 'scripted',
        script: {
          greeting: '220 mail.example.net ESMTP Postfix',
          replies: {
            USER: '502 5.5.2 Error: command not recognized',
            PASS: '502 5.5.2 Error: command not recognized',
            SYST: '502 5.5.2 Error: command not recognized',
            TYPE: '502 5.5.2 Error: command not recognized',
            QUIT: { text: '221 2.0.0 Bye', then: 'close' },
          },
        },
      },
      client: { software: 'curl', actions: [{ list: '' }], timeout: 8 },
      sample: ['client'],
    },
    'http-scripted': {
      title: 'A web server listens on port 21 and answers the log-in with 400',
      server: {
        software: 'scripted',
        script: {
          greeting: null,
          replies: { USER: { text: 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n', then: 'close' } },
        },
      },
      client: { software: 'scripted', script: [{ sleep: 3000 }, { send: 'USER alice' }, { sleep: 1500 }], timeout: 8 },
    },
    'ssh-on-22-curl': {
      title: 'A client for implicit TLS connects to port 22: the server is SSH',
      server: {
        software: 'scripted',
        port: 22,
        script: { greeting: 'SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3' },
      },
      client: { software: 'curl', tls: 'implicit', actions: [{ list: '/' }], timeout: 8 },
    },
  },
})
