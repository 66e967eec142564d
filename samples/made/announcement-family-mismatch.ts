import { ask, dial, hostPort, list, login, quit } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient('EPSV is answered with a 227, which belongs to PASV; the client takes it all the same.')
const session = openControl(place)
login(session)
ask(session, 'EPSV', session.dialect.passive(hostPort(place.server.address, 50_005)))
const data = dial(session, 50_005)
list(session, data)
quit(session)

export default place.scene
