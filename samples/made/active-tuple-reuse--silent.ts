import { login, quit, store } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient(
  'The client announces the same port again after two seconds, and the connection from the same port 20 is accepted.',
  {
    client: '198.51.100.7',
  },
)
const session = openControl(place)
login(session)
store(session, { verb: 'PORT', port: 52_230 })
place.scene.wait(2000)
store(session, { verb: 'PORT', port: 52_230, path: 'second.bin' })
quit(session)

export default place.scene
