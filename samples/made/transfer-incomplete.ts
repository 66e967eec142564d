import { ask, login, quit, retrieve } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient(
  'SIZE and 150 say 40960 bytes, but the data connection ends in good order after 10136, and 226 follows.',
)
const session = openControl(place)
login(session)
ask(session, 'TYPE I', session.dialect.typeSet)
ask(session, 'SIZE report.bin', '213 40960')
retrieve(session, { data: 10_136, statedBytes: 40_960 })
quit(session)

export default place.scene
