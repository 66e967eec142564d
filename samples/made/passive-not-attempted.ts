import { command, listing, login, pasv, quit, reply } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient(
  'After a first listing that works, the client never dials the port of the second 227: no SYN, and 425 after ' +
    '60 seconds.',
)
const session = openControl(place)
login(session)
listing(session, { port: 50_004 })
pasv(session, 50_005)
command(session, 'RETR report.bin')
place.scene.wait(60_000)
reply(session, '425 Failed to establish connection.')
quit(session)

export default place.scene
