import { ask, listing, login, quit } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'
import { iis } from '../../test/support/server-dialects.js'

const place = atClient('The server does not know EPSV (500), the client falls back to PASV, which works.')
const session = openControl(place, { dialect: iis })
login(session, { banner: '220 files Microsoft FTP Service (Version 5.0).' })
ask(session, 'EPSV', "500 'EPSV': command not understood")
listing(session)
quit(session)

export default place.scene
