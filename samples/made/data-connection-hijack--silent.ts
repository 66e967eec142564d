import { ask, login, pasv, quit, reply } from '../../test/support/ftp-scene.js'
import { atServer, openControl } from '../../test/support/places.js'

const place = atServer(
  'The data connection comes from another address of the client, behind the same NAT: same TTL, and nobody else dials.',
)
const uplink = place.scene.host('198.51.100.8', { hopLimit: 50, distance: 14, machine: place.client })
const session = openControl(place)
login(session)
ask(session, 'TYPE I', session.dialect.typeSet)
pasv(session, 50_005)
const data = place.scene.connect(uplink, 54_240, place.server, 50_005)
ask(session, 'RETR report.bin', session.dialect.opening('report.bin', 2048))
data.server(2048).close('server')
reply(session, session.dialect.complete)
quit(session)

export default place.scene
