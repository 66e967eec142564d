import { ask, login, quit, retrieve } from '../../test/support/ftp-scene.js'
import { atServer, openControl } from '../../test/support/places.js'

const place = atServer('The same receiver nearby: the same small window, and a round trip of 20 ms.', {
  clientLook: { hopLimit: 61, distance: 10, window: 2920, windowScale: null },
})
const session = openControl(place)
login(session)
ask(session, 'TYPE I', session.dialect.typeSet)
retrieve(session, { data: 2896 })
quit(session)

export default place.scene
