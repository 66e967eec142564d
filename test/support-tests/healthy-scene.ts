import { ftpSession, listing, login, quit, retrieve, store } from '../support/ftp-scene.js'
import { Scene } from '../support/scene.js'

/** A login, a listing, a download and an upload, of which the last one is active. */
export function healthyScene(clientAddress = '192.168.1.10', serverAddress = '203.0.113.20'): Scene {
  const scene = new Scene()
  const session = ftpSession(scene, scene.host(clientAddress), scene.host(serverAddress, { hopLimit: 57 }))
  login(session)
  const passive = clientAddress.includes(':') ? 'EPSV' : 'PASV'
  listing(session, { verb: passive, port: 50_004 })
  retrieve(session, { verb: passive, data: 20_000 })
  store(session, { verb: clientAddress.includes(':') ? 'EPRT' : 'PORT' })
  quit(session)
  return scene
}
