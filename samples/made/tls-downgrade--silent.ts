import { ask, login, quit, retrieve } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient(
  'A session in clear text with a server that does not offer TLS, and a client that does not ask for it.',
)
const session = openControl(place)
login(session)
ask(session, 'FEAT', '211-Features:\r\n EPRT\r\n EPSV\r\n MDTM\r\n SIZE\r\n211 End')
ask(session, 'TYPE I', session.dialect.typeSet)
retrieve(session)
quit(session)

export default place.scene
