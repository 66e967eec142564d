import { ask, dial, list, login, quit } from '../../test/support/ftp-scene.js'
import { atClientOverIpv6, openControl } from '../../test/support/places.js'

const place = atClientOverIpv6('Over IPv6 the client sends EPSV 2 and gets a 229, each in its place.')
const session = openControl(place)
login(session)
ask(session, 'EPSV 2', session.dialect.extendedPassive(50_005))
const data = dial(session, 50_005)
list(session, data)
quit(session)

export default place.scene
