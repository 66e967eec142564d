import {
  ask,
  command,
  dial,
  dialInVain,
  eprt,
  ftpSession,
  listBack,
  listing,
  login,
  pasv,
  port,
  quit,
  reply,
  retrieve,
  store,
} from '../support/ftp-scene.js'
import { atClient, atClientOverIpv6, atServer, openControl } from '../support/places.js'
import type { Scene } from '../support/scene.js'
import { filezilla, proftpd, pureftpd } from '../support/server-dialects.js'
import { applicationData, clientFinished, clientHello, serverFlight } from '../support/tls-records.js'

/** Varied sessions, created anew each time; `port` distinguishes them if several share a capture. */
export const SCENES: Record<string, (port?: number) => Scene> = {
  passive,
  active,
  overIpv6,
  pipelined,
  failing,
  parallel,
  foundByContent,
  secured,
}

function passive(clientPort = 52_000): Scene {
  const place = atClient('')
  const session = openControl(place, { clientPort, dialect: proftpd })
  login(session)
  ask(session, 'FEAT', '211-Features:\r\n MDTM\r\n REST STREAM\r\n SIZE\r\n UTF8\r\n211 End')
  ask(session, 'PWD', '257 "/home/alice" is the current directory')
  ask(session, 'TYPE I', session.dialect.typeSet)
  listing(session, { port: 50_001 })
  ask(session, 'SIZE big.bin', '213 9000')
  retrieve(session, { path: 'big.bin', port: 50_002, data: 9000 })
  ask(session, 'REST 6000', '350 Restarting at 6000.')
  retrieve(session, { path: 'big.bin', verb: 'EPSV', port: 50_003, data: 3000, statedBytes: 3000 })
  store(session, { path: 'notes ünïcode.txt', port: 50_004, data: 2000 })
  ask(session, 'DELE gone.txt', '550 gone.txt: No such file or directory')
  quit(session)
  return place.scene
}

function active(clientPort = 52_000): Scene {
  const place = atServer('')
  const session = openControl(place, { clientPort })
  login(session)
  listing(session, { verb: 'PORT', port: 40_001 })
  retrieve(session, { verb: 'EPRT', port: 40_002, data: 4000 })
  store(session, { verb: 'PORT', port: 40_003, data: 3000 })
  port(session, 40_004)
  listBack(session, 40_004, { fromPort: 51_111 })
  eprt(session, 40_005, { reply: '522 Network protocol not supported, use (1)' })
  command(session, 'RETR nothing')
  reply(session, '425 Use PORT or PASV first.')
  session.control.close('client')
  return place.scene
}

function overIpv6(clientPort = 52_000): Scene {
  const place = atClientOverIpv6('')
  const session = openControl(place, { clientPort, dialect: pureftpd })
  login(session, { user: 'anonymous', password: 'a@example.net' })
  listing(session, { verb: 'EPSV', port: 50_001 })
  retrieve(session, { path: 'unlisted.bin', verb: 'EPRT', port: 40_001, data: 4000 })
  quit(session)
  return place.scene
}

/** Commands sent without waiting, and replies that come together. */
function pipelined(clientPort = 52_000): Scene {
  const place = atClient('')
  const session = openControl(place, { clientPort })
  login(session)
  session.control.client('SYST\r\nFEAT\r\nPWD\r\nTYPE I\r\n')
  session.control.server('215 UNIX Type: L8\r\n211-Features:\r\n EPSV\r\n')
  session.control.server('211 End\r\n257 "/" is the current directory\r\n200 Switching to Binary mode.\r\n')
  for (let i = 0; i < 3; i++) retrieve(session, { path: `part${i}`, port: 50_010 + i, data: 1500 + i })
  session.control.client('NOOP\r\nQUIT\r\n').server('200 NOOP ok.\r\n').server('221 Goodbye.\r\n').close('server')
  return place.scene
}

/** Nothing works: extended passive is dropped, passive announces a private address, active is refused. */
function failing(clientPort = 52_000): Scene {
  const place = atClient('')
  const session = openControl(place, { clientPort })
  login(session)
  pasv(session, 50_001, '10.0.0.21')
  dialInVain(session, 50_001, { target: place.scene.host('10.0.0.21'), attempts: 4 })
  port(session, 40_001, { reply: '500 Illegal PORT command.' })
  pasv(session, 50_002, '10.0.0.21')
  dialInVain(session, 50_002, { target: place.scene.host('10.0.0.21'), attempts: 4 })
  quit(session)
  return place.scene
}

function parallel(clientPort = 52_000, serverPort = 21): Scene {
  const place = atClient('')
  const sessions = [0, 1, 2].map((i) => openControl(place, { clientPort: clientPort + 100 * i, serverPort }))
  for (const session of sessions) login(session)
  sessions.forEach((session, i) => retrieve(session, { path: `of ${i}`, port: 50_100 + i, data: 2000 + i }))
  sessions.forEach((session, i) => {
    listing(session, { port: 50_200 + i })
  })
  for (const session of sessions) quit(session)
  return place.scene
}

function foundByContent(clientPort?: number): Scene {
  return parallel(clientPort, 40_021)
}

function secured(clientPort = 52_000): Scene {
  const place = atClient('')
  const session = openControl(place, { clientPort, dialect: filezilla })
  reply(session, session.dialect.greeting, { think: 3 })
  ask(session, 'AUTH TLS', '234 Using authentication type TLS.')
  session.control.client(clientHello()).server(serverFlight()).client(clientFinished())
  for (let i = 0; i < 3; i++) session.control.client(applicationData(30 + i)).server(applicationData(60 + i))
  const data = dial(session, 50_005)
  data.client(clientHello()).server(serverFlight()).client(clientFinished()).server(applicationData(4000))
  data.close('server')
  session.control.server(applicationData(44)).close('client')
  return place.scene
}

/** Other traffic, including mail, the web, and another FTP session between other hosts. */
export function noise(): Scene {
  const place = atClient('', { client: '172.16.0.9', server: '198.51.100.25' })
  const { scene, client, server } = place
  for (let i = 0; i < 3; i++) {
    scene.udp(client, 5000 + i, server, 53, 'question')
    const mail = scene.connect(client, 60_000 + i, server, 25)
    mail.server('220 mail.example.net ESMTP\r\n').client('EHLO a\r\n').server('250 Ok\r\n').client('QUIT\r\n')
    mail.server('221 Bye\r\n').close('server')
    const web = scene.connect(client, 61_000 + i, server, 80)
    web.client('GET / HTTP/1.1\r\n\r\n').server(4000).close('server')
    scene.syn(client, 62_000 + i, server, 50_002, { attempts: 1 })
  }
  const session = ftpSession(scene, client, server, { clientPort: 63_000 })
  login(session)
  retrieve(session, { port: 50_001 })
  quit(session)
  return scene
}
