import { command, listing, login, quit } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient('The lines of the reply to FEAT end in LF without CR, and the client does not mind.')
const session = openControl(place)
login(session)
command(session, 'FEAT')
session.control.server('211-Features:\n MDTM\n SIZE\n UTF8\n211 End\n')
listing(session)
quit(session)

export default place.scene
