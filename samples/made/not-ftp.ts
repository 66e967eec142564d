import { reply } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient('Port 21 greets as an SSH server; the FTP client waits for a 220 and then closes.')
const session = openControl(place)
reply(session, 'SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3', { think: 8 })
place.scene.wait(10_000)
session.control.close('client')

export default place.scene
