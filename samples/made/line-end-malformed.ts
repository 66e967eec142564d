import { command, login } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient(
  'The lines of the reply to FEAT end in LF without CR; the client waits for the end of the reply for 30 seconds.',
)
const session = openControl(place)
login(session)
command(session, 'FEAT')
session.control.server('211-Features:\n MDTM\n SIZE\n UTF8\n211 End\n')
place.scene.wait(30_000)
session.control.close('client')

export default place.scene
