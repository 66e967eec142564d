/**
 * Sessions with several things wrong at a time, or nothing wrong that looks like it: what would an expert call the
 * cause?
 */
import type { Host } from '../support/host.js'
import {
  ask,
  command,
  dial,
  dialBackInVain,
  dialInVain,
  epsv,
  eprt,
  list,
  listing,
  pasv,
  port,
  quit,
  reply,
  retrieve,
  store,
} from '../support/ftp-scene.js'
import { atClient, atServer, between, inLan, type Place } from '../support/places.js'
import { type FaultScene, loggedIn, opened } from './fault-scene.js'

const elsewhere = (place: Place, address: string): Host => place.scene.host(address)

export const FAULT_SCENES: readonly FaultScene[] = [
  loggedIn('a 425 after SYNs that nobody answered', 'failed', 'passive-port-unanswered', atClient, (session) => {
    pasv(session, 50_005)
    command(session, 'RETR a')
    dialInVain(session, 50_005, { attempts: 5 })
    reply(session, '425 Failed to establish connection.', { think: 29_000 })
    quit(session)
  }),
  opened(
    'a refused login before one that works, then a filtered port',
    'failed',
    'passive-port-unanswered',
    atClient,
    (session) => {
      reply(session, session.dialect.greeting)
      ask(session, 'USER alice', '331 Password')
      ask(session, 'PASS wrong', '530 Login incorrect.', { think: 2000 })
      ask(session, 'USER alice', '331 Password')
      ask(session, 'PASS wonderland', '230 Login successful.')
      pasv(session, 50_005)
      dialInVain(session, 50_005, { attempts: 4 })
      session.control.close('client')
    },
  ),
  loggedIn('EPSV and then PASV, both ports filtered', 'failed', 'passive-port-unanswered', atClient, (session) => {
    epsv(session, 50_005)
    dialInVain(session, 50_005, { attempts: 4 })
    pasv(session, 50_006)
    dialInVain(session, 50_006, { attempts: 4 })
    session.control.close('client')
  }),
  loggedIn('passive filtered, then active filtered', 'failed', 'passive-port-unanswered', atClient, (session) => {
    pasv(session, 50_005)
    dialInVain(session, 50_005, { attempts: 4 })
    port(session, 52_300)
    command(session, 'LIST')
    reply(session, '425 Failed to establish connection.', { think: 60_000 })
    quit(session)
  }),
  loggedIn('passive filtered, then active works', 'degraded', 'passive-port-unanswered', atClient, (session) => {
    pasv(session, 50_005)
    dialInVain(session, 50_005, { attempts: 4 })
    listing(session, { verb: 'PORT' })
    quit(session)
  }),
  loggedIn(
    'a private address, and the port filtered where the client then dials',
    'failed',
    'passive-private-address',
    atClient,
    (session) => {
      pasv(session, 50_005, '10.0.0.21')
      dialInVain(session, 50_005, { attempts: 4 })
      session.control.close('client')
    },
  ),
  loggedIn(
    'a private address, unreachable, and then the server gives up with 421',
    'failed',
    'passive-private-address',
    atClient,
    (session, place) => {
      pasv(session, 50_005, '10.0.0.21')
      dialInVain(session, 50_005, { attempts: 4, target: elsewhere(place, '10.0.0.21') })
      reply(session, '421 Timeout.', { think: 60_000 })
      session.control.close('server')
    },
  ),
  loggedIn('a missing file, and all else works', 'degraded', 'transfer-refused', atClient, (session) => {
    ask(session, 'SIZE nothing', '550 Could not get file size.')
    pasv(session, 50_005)
    dial(session, 50_005).close('client')
    ask(session, 'RETR nothing', '550 Failed to open file.')
    retrieve(session, { port: 50_006 })
    quit(session)
  }),
  loggedIn('a full disk during an upload after a filtered EPSV', 'failed', 'storage-full', atClient, (session) => {
    epsv(session, 50_005)
    dialInVain(session, 50_005, { attempts: 3 })
    pasv(session, 50_006)
    const data = dial(session, 50_006)
    ask(session, 'STOR big', '150 Ok to send data.')
    data.client(20_000)
    reply(session, '452 Insufficient storage space.')
    data.close('server')
    quit(session)
  }),
  loggedIn(
    'many good transfers, one reset in between, made good by a second attempt',
    'degraded',
    'transfer-reset',
    atClient,
    (session) => {
      retrieve(session, { path: 'a', port: 50_001 })
      pasv(session, 50_002)
      const data = dial(session, 50_002)
      ask(session, 'RETR b', '150 Opening (9000 bytes).')
      data.server(4000)
      data.reset('server')
      reply(session, '426 Failure writing network stream.')
      retrieve(session, { path: 'b', port: 50_003 })
      quit(session)
    },
  ),
  loggedIn(
    'an idle session that the server ends with 421 after good transfers',
    'degraded',
    'idle-timeout',
    atClient,
    (session, place) => {
      retrieve(session)
      place.scene.wait(300_000)
      reply(session, '421 Timeout.')
      session.control.close('server')
    },
  ),
  loggedIn('a bounce that is refused, and then an honest transfer', 'ok', null, atServer, (session) => {
    port(session, 25, { address: '203.0.113.99', reply: '500 Illegal PORT command.' })
    retrieve(session)
    quit(session)
  }),
  loggedIn(
    'PORT of an inside address, refused by the server, then PASV works',
    'degraded',
    'active-private-address',
    atClient,
    (session) => {
      port(session, 52_300, { reply: '500 Illegal PORT command.' })
      listing(session)
      quit(session)
    },
  ),
  loggedIn(
    'PORT from behind a NAT, accepted by a server that checks addresses, and 425 a minute later',
    'failed',
    'active-port-unanswered',
    atClient,
    (session) => {
      port(session, 52_300)
      command(session, 'LIST')
      reply(session, '425 Failed to establish connection.', { think: 60_000 })
      quit(session)
    },
  ),
  loggedIn(
    'at the server: SYNs to the client without answer, then 425',
    'failed',
    'active-port-unanswered',
    atServer,
    (session) => {
      port(session, 52_300)
      command(session, 'LIST')
      dialBackInVain(session, 52_300, { attempts: 5 })
      reply(session, '425 Failed to establish connection.', { think: 29_000 })
      quit(session)
    },
  ),
  loggedIn('EPRT not known, PORT refused, PASV filtered', 'failed', 'passive-port-unanswered', atClient, (session) => {
    eprt(session, 52_300, { reply: '500 Unknown command.' })
    port(session, 52_301, { reply: '500 Illegal PORT command.' })
    pasv(session, 50_005)
    dialInVain(session, 50_005, { attempts: 4 })
    session.control.close('client')
  }),
  loggedIn(
    'a port refused by RST, the second attempt works',
    'degraded',
    'passive-port-refused',
    atClient,
    (session) => {
      pasv(session, 50_005)
      dialInVain(session, 50_005, { answer: 'rst' })
      retrieve(session, { port: 50_006 })
      quit(session)
    },
  ),
  loggedIn(
    'a transfer that stops, and the server says 426 after its timer',
    'failed',
    'transfer-stalled',
    atClient,
    (session, place) => {
      pasv(session, 50_005)
      const data = dial(session, 50_005)
      ask(session, 'RETR big', '150 Opening BINARY mode data connection for big (900000 bytes).')
      data.server(30_000)
      place.scene.wait(300_000)
      reply(session, '426 Failure writing network stream.')
      data.reset('server')
      session.control.close('client')
    },
  ),
  opened('a slow greeting, and then all works', 'degraded', 'greeting-delayed', atClient, (session) => {
    reply(session, session.dialect.greeting, { think: 5200 })
    ask(session, 'USER alice', '331 Password')
    ask(session, 'PASS wonderland', '230 Login successful.')
    retrieve(session)
    quit(session)
  }),
  opened('a slow greeting, and then a filtered port', 'failed', 'passive-port-unanswered', atClient, (session) => {
    reply(session, session.dialect.greeting, { think: 5200 })
    ask(session, 'USER alice', '331 Password')
    ask(session, 'PASS wonderland', '230 Login successful.')
    pasv(session, 50_005)
    dialInVain(session, 50_005, { attempts: 4 })
    session.control.close('client')
  }),
  loggedIn('an upload cut short by the client', 'degraded', 'transfer-aborted', atClient, (session) => {
    pasv(session, 50_005)
    const data = dial(session, 50_005)
    ask(session, 'STOR a', '150 Ok to send data.')
    data.client(4000)
    data.reset('client')
    reply(session, '426 Failure reading network stream.')
    quit(session)
  }),
  loggedIn('active and passive both work in one session', 'ok', null, between, (session) => {
    listing(session, { verb: 'PORT' })
    retrieve(session)
    store(session, { port: 50_007 })
    quit(session)
  }),
  loggedIn('in one network, with a host that answers slowly', 'ok', null, inLan, (session) => {
    ask(session, 'CWD archive', '250 Directory changed.', { think: 4000 })
    retrieve(session)
    quit(session)
  }),
  opened('a greeting that is a 421 of too many connections', 'failed', 'connection-limit', atClient, (session) => {
    reply(session, '421 Too many connections from your internet address.')
    session.control.close('server')
  }),
  loggedIn(
    'the port that 227 names, refused by a router, and the client ends without a word',
    'failed',
    'passive-port-unreachable',
    atClient,
    (session) => {
      pasv(session, 50_005)
      dialInVain(session, 50_005, {
        answer: { icmp: { from: '198.51.100.1', type: 3, code: 13 } },
      })
      session.control.close('client')
    },
  ),
  opened('a server that never says 220', 'failed', 'greeting-missing', atClient, (session, place) => {
    place.scene.wait(30_000)
    session.control.close('client')
  }),
  loggedIn(
    'a listing that works, and a file that may not be read',
    'degraded',
    'transfer-refused',
    atClient,
    (session) => {
      listing(session)
      pasv(session, 50_006)
      dial(session, 50_006).close('client')
      ask(session, 'RETR secret', '550 Permission denied.')
      quit(session)
    },
  ),
  loggedIn('all of it in order, the data connection closed by the client first', 'ok', null, atClient, (session) => {
    pasv(session, 50_005)
    const data = dial(session, 50_005)
    list(session, data)
    quit(session)
  }),
]
