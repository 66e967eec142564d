import { ask, listBack, login, quit } from '../../test/support/ftp-scene.js'
import { atClientOverIpv6, openControl } from '../../test/support/places.js'

const place = atClientOverIpv6(
  'EPRT names the address of the client in another spelling of the same IPv6 address; the data arrives.',
)
const session = openControl(place)
login(session)
ask(session, 'EPRT |2|2001:0DB8:0001:0:0:0:0:0010|52230|', session.dialect.portAccepted('EPRT'))
listBack(session, 52_230)
quit(session)

export default place.scene
