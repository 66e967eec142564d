import { list, login, pasv, quit } from '../../test/support/ftp-scene.js'
import { inLan, openControl } from '../../test/support/places.js'
import { filezilla } from '../../test/support/server-dialects.js'

const place = inLan(
  'Client and server share a private network, the 227 names the public address, and the router sends the ' +
    'connection back in.',
)
const session = openControl(place, { dialect: filezilla })
login(session)
pasv(session, 50_005, '198.51.100.20')
const outside = place.scene.host('198.51.100.20', { hopLimit: 63, distance: 0.6, machine: place.server })
const data = place.scene.connect(place.client, session.nextPort, outside, 50_005)
list(session, data)
quit(session)

export default place.scene
