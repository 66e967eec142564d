import { listing, login, quit } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient('A greeting of three lines with the code on each of them, 220- on all but the last: one reply.')
const session = openControl(place)
login(session, { banner: '220-Welcome to the FTP server\r\n220-Authorized users only\r\n220 Ready' })
listing(session)
quit(session)

export default place.scene
