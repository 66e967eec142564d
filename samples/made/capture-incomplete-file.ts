import { listing, login, quit } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient(
  'The file breaks off inside its last record, as after a full disk; all before it is a session that works.',
)
const session = openControl(place)
login(session)
listing(session)
quit(session)

/** The last packet has 66 bytes; 40 of them are missing. */
export const transform = (bytes: Uint8Array) => bytes.subarray(0, bytes.length - 40)

export default place.scene
