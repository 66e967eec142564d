import { ask, login, quit, store } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient('Refusals that the client expects: CWD tests whether a directory exists before MKD creates it.')
const session = openControl(place)
login(session)
ask(session, 'CWD backup', '550 Failed to change directory.')
ask(session, 'MKD backup', '257 "/backup" created')
ask(session, 'CWD backup', '250 Directory successfully changed.')
ask(session, 'SIZE report.bin', '550 Could not get file size.')
store(session)
ask(session, 'SITE CHMOD 640 report.bin', '500 Unknown SITE command.')
quit(session)

export default place.scene
