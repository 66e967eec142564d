import { dialInVain, login, pasv, quit } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient(
  'The 227 names 10.0.0.21, the address of the server behind its NAT; three SYNs there from the client get no answer.',
)
const session = openControl(place)
login(session)
pasv(session, 50_005, '10.0.0.21')
dialInVain(session, 50_005, { target: place.scene.host('10.0.0.21') })
place.scene.wait(2000)
quit(session)

export default place.scene
