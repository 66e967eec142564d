import { ask, login, quit } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient('The server refuses the directory that the user wants, and the client leaves: 550 to CWD.')
const session = openControl(place)
login(session)
ask(session, 'PWD', '257 "/" is the current directory')
ask(session, 'CWD /srv/www/alice', '550 Failed to change directory.')
quit(session)

export default place.scene
