import { command, listing, login, quit, reply } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient(
  'Three commands are sent at once and answered one after the other, so that replies lag: each has its own.',
)
const session = openControl(place)
login(session)
command(session, 'CWD upload')
command(session, 'CWD photos')
command(session, 'TYPE I')
reply(session, '250 Directory successfully changed.')
reply(session, '250 Directory successfully changed.')
reply(session, '200 Switching to Binary mode.')
listing(session)
quit(session)

export default place.scene
