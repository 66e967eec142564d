import { ask, login, quit, retrieve } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient('The 550s answer CWD and SIZE, not a transfer; the download that follows works.')
const session = openControl(place)
login(session)
ask(session, 'CWD report.bin', '550 Failed to change directory.')
ask(session, 'SIZE report.bin', '550 Could not get file size.')
retrieve(session)
quit(session)

export default place.scene
