import { ask, ftpSession, login, quit } from '../../test/support/ftp-scene.js'
import { Scene } from '../../test/support/scene.js'

const scene = new Scene({
  description:
    'Both sides of a router with an FTP helper in one capture: PORT names 192.168.1.10 inside and the outside ' +
    'address behind it.',
})
const sequences = [0x10203040, 0x50607080] as const
const inside = scene.host('192.168.1.10', { hopLimit: 64, distance: 0.2 })
const outside = scene.host('198.51.100.7', { hopLimit: 63, distance: 0.4 })
const server = scene.host('203.0.113.20', { hopLimit: 57 })
const beyond = scene.host('203.0.113.20', { hopLimit: 58 })

/** The same words on each side of the router. */
function side(client: typeof inside, host: typeof server, port: string): void {
  const session = ftpSession(scene, client, host, { initialSequences: sequences })
  login(session)
  ask(session, `PORT ${port},204,6`, '200 PORT command successful. Consider using PASV.')
  ask(session, 'NOOP', '200 NOOP ok.')
  quit(session)
}

scene.meanwhile(() => {
  side(inside, server, '192,168,1,10')
})
side(outside, beyond, '198,51,100,7')

export default scene
