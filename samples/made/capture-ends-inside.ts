import { ask, dial, login, pasv } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'
import { proftpd } from '../../test/support/server-dialects.js'

const place = atClient('The capture ends in the middle of a download, with both connections open and all going well.')
const session = openControl(place, { dialect: proftpd })
login(session)
pasv(session, 50_005)
const data = dial(session, 50_005)
ask(session, 'RETR report.bin', session.dialect.opening('report.bin', 40_960))
data.server(11_584)

export default place.scene
