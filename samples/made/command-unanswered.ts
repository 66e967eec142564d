import { ask, command, login } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient(
  'CWD is acknowledged by the system of the server, but its FTP server never replies; the client gives up ' +
    'after a minute.',
)
const session = openControl(place)
login(session)
ask(session, 'PWD', '257 "/" is the current directory')
command(session, 'CWD /mnt/archive')
place.scene.wait(60_000)
session.control.close('client')

export default place.scene
