import { command, listing, login, port, quit, reply } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient(
  'A first active listing works; of the connection for the second nothing arrives, and after 60 seconds comes 425.',
  { client: '198.51.100.7' },
)
const session = openControl(place)
login(session)
listing(session, { verb: 'PORT' })
port(session, 52_240)
command(session, 'RETR report.bin')
place.scene.wait(60_000)
reply(session, '425 Failed to establish connection.')
quit(session)

export default place.scene
