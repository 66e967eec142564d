import { ask, listing, login, quit } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient('The reply to CWD takes 25 seconds, because the server has to wake a disk, but it comes.')
const session = openControl(place)
login(session)
ask(session, 'PWD', '257 "/" is the current directory')
ask(session, 'CWD /mnt/archive', '250 Directory successfully changed.', { think: 25_000 })
listing(session)
quit(session)

export default place.scene
