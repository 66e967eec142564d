import { certificate } from './certificates.js'
import { ask, dial, type FtpSession, reply } from './ftp-scene.js'
import { atClient, openControl } from './places.js'
import type { Scene } from './scene.js'
import { alert } from './tls-records.js'
import {
  clientFinish12,
  clientHello12,
  closeNotify12,
  line12,
  type FlightOptions,
  serverFinish12,
  serverFlight12,
} from './tls12-records.js'

export interface Certified {
  /** What the capture shows. */
  about: string
  serverName?: string
  /** Names of the certificates that the server sends; a valid one with its issuer's by default. */
  chain?: readonly string[]
  /** Those of the data connection, if that has a TLS session of its own; by default it resumes the other one's. */
  dataChain?: readonly string[]
  parameters?: Pick<FlightOptions, 'version' | 'suite'>
}

const VALID: readonly string[] = ['server', 'issuing']
/** USER, PASS, PBSZ, PROT and PASV with their replies, by their lengths. */
const DIALOGUE = [
  [12, 34],
  [17, 23],
  [8, 20],
  [8, 23],
  [6, 50],
] as const

/** The capture of a client that lists a directory under TLS 1.2, whose certificates are in the clear. */
export function certifiedListing({ chain = VALID, dataChain, parameters = {}, ...rest }: Certified): Scene {
  const { scene, session } = offered({ chain, parameters, ...rest })
  const { control } = session
  control.client(clientFinish12())
  control.server(serverFinish12())
  for (const [fromClient, fromServer] of DIALOGUE) {
    control.client(line12(fromClient))
    control.server(line12(fromServer))
  }
  const data = dial(session, 50_093)
  control.client(line12(6))
  control.server(line12(39))
  if (dataChain) {
    data.client(clientHello12())
    data.server(serverFlight12({ ...parameters, chain: dataChain.map(certificate) }))
    data.client(clientFinish12())
    data.server(serverFinish12())
  } else {
    data.client(clientHello12({ resumes: true }))
    data.server(serverFlight12({ ...parameters, resumed: true }))
    data.client(clientFinish12({ resumed: true }))
  }
  data.server(line12(320))
  data.server(closeNotify12()).close('server')
  control.server(line12(24))
  control.client(line12(6))
  control.server(line12(14))
  control.client(closeNotify12()).close('client')
  return scene
}

/** The capture of a client that refuses the server's certificate with this alert (RFC 8446 §6.2). */
export function refusedCertificate(description: number, certified: Certified): Scene {
  const { scene, session } = offered(certified)
  session.control.client(alert(description)).close('client')
  return scene
}

function offered({ about, serverName = 'ftp.example.net', chain = VALID, parameters }: Certified): {
  scene: Scene
  session: FtpSession
} {
  const place = atClient(about)
  const session = openControl(place)
  reply(session, session.dialect.greeting, { think: 3 })
  ask(session, 'AUTH TLS', '234 Proceed with negotiation.')
  session.control.client(clientHello12({ serverName }))
  session.control.server(serverFlight12({ ...parameters, chain: chain.map(certificate) }))
  return { scene: place.scene, session }
}
