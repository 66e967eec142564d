import { listing, login, reply } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient('After a listing nothing happens for 300 seconds, then the server closes: 421 Timeout.')
const session = openControl(place)
login(session)
listing(session)
place.scene.wait(300_000)
reply(session, '421 Timeout.')
session.control.close('server')

export const options = { bigEndian: true }

export default place.scene
