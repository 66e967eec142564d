import { ask, dial, login, pasv, quit } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient('The server refuses an upload, but for want of permission, not of space.')
const session = openControl(place)
login(session)
ask(session, 'TYPE I', session.dialect.typeSet)
pasv(session, 50_005)
const data = dial(session, 50_005)
ask(session, 'STOR backup.tar', '553 Could not create file.')
data.close('server')
quit(session)

export default place.scene
