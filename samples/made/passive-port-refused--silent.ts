import { LISTING, ask, dial, login, pasv, quit, reply } from '../../test/support/ftp-scene.js'
import { atClient, openControl, windows } from '../../test/support/places.js'
import { iis } from '../../test/support/server-dialects.js'

const place = atClient(
  'The RST on the data connection comes from the client, after all the data and both replies: it only closes in haste.',
  {
    clientLook: windows,
  },
)
const session = openControl(place, { dialect: iis })
login(session)
pasv(session, 50_005)
const data = dial(session, 50_005)
ask(session, 'LIST', session.dialect.opening('', 0))
data.server(LISTING).fin('server')
reply(session, session.dialect.listingComplete)
data.reset('client')
quit(session)

export default place.scene
