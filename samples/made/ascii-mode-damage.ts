import { ask, dial, login, pasv, quit, reply } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient(
  'An image of 2048 bytes is downloaded in TYPE A: each LF becomes CRLF, and 2056 bytes arrive that no viewer opens.',
)
/** A PNG as ASCII mode leaves it: its first line feed already has one carriage return too many. */
const image = Uint8Array.from({ length: 2056 }, (_, at) => (at * 7 + (at >> 8)) & 0xff)
image.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0d, 0x0a, 0x1a, 0x0d, 0x0a, 0, 0, 0, 0x0d, 0x49, 0x48, 0x44, 0x52])
const session = openControl(place)
login(session)
ask(session, 'TYPE A', '200 Switching to ASCII mode.')
pasv(session, 50_005)
const data = dial(session, 50_005)
ask(session, 'RETR photo.png', '150 Opening ASCII mode data connection for photo.png (2048 bytes).')
data.server(image).close('server')
reply(session, session.dialect.complete)
quit(session)

export default place.scene
