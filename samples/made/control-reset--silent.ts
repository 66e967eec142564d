import { ask, listing, login } from '../../test/support/ftp-scene.js'
import { atClient, openControl, windows } from '../../test/support/places.js'
import { filezilla } from '../../test/support/server-dialects.js'

const place = atClient(
  'The client closes by RST, but only after QUIT, 221 and the FIN of the server: nothing is lost.',
  {
    clientLook: windows,
  },
)
const session = openControl(place, { dialect: filezilla })
login(session)
listing(session)
ask(session, 'QUIT', session.dialect.goodbye)
session.control.fin('server').reset('client')

export default place.scene
