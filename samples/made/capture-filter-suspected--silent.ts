import { command, listing, login, pasv, quit, reply } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient(
  'A second data connection is missing, but not because of a filter: the first is there, and the reply to the ' +
    'second is 425.',
)
const session = openControl(place)
login(session)
listing(session, { port: 50_004 })
pasv(session, 50_005)
command(session, 'LIST')
place.scene.wait(60_000)
reply(session, '425 Failed to establish connection.')
quit(session)

export default place.scene
