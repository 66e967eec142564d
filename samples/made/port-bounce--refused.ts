import { ask, login, quit } from '../../test/support/ftp-scene.js'
import { atServer, openControl } from '../../test/support/places.js'

const place = atServer(
  'PORT names a third machine and its mail port; the server refuses with 500 Illegal PORT command.',
)
const session = openControl(place)
login(session)
ask(session, 'PORT 203,0,113,99,0,25', '500 Illegal PORT command.')
quit(session)

export default place.scene
