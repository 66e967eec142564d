import { listing, login, quit, retrieve } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient(
  'Captured with the filter "port 21": two transfers succeed by their replies, but no data connection is in the file.',
)
const session = openControl(place)
login(session)
listing(session, { port: 50_004 })
retrieve(session, { port: 50_005 })
quit(session)
place.scene.drop(({ tcp }) => tcp?.sourcePort !== 21 && tcp?.destinationPort !== 21)

export default place.scene
