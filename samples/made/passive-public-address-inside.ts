import { dialInVain, login, pasv, quit } from '../../test/support/ftp-scene.js'
import { inLan, openControl } from '../../test/support/places.js'
import { filezilla } from '../../test/support/server-dialects.js'

const place = inLan(
  'Client and server share a private network, but the 227 names the public address; the router does not bring ' +
    'the SYNs back in.',
)
const session = openControl(place, { dialect: filezilla })
login(session)
pasv(session, 50_005, '198.51.100.20')
dialInVain(session, 50_005, { target: place.scene.host('198.51.100.20') })
place.scene.wait(2000)
quit(session)

export default place.scene
