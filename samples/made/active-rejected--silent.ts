import { eprt, listing, login, quit } from '../../test/support/ftp-scene.js'
import { atServer, openControl } from '../../test/support/places.js'
import { iis } from '../../test/support/server-dialects.js'

const place = atServer('The server does not know EPRT (500), the client falls back to PORT, which works.')
const session = openControl(place, { dialect: iis })
login(session, { banner: '220 files Microsoft FTP Service (Version 5.0).' })
eprt(session, 52_230, { reply: "500 'EPRT': command not understood" })
listing(session, { verb: 'PORT' })
quit(session)

export default place.scene
