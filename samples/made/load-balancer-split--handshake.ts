import { command, login, pasv, quit, reply } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient(
  'The announced port is opened by another machine under the same address (TTL 121, MSS 1380, no timestamps), ' +
    'then 425.',
)
const session = openControl(place)
login(session)
pasv(session, 50_005)
const other = place.scene.host(place.server.address, {
  hopLimit: 121,
  distance: 11,
  timestamps: false,
  maximumSegmentSize: 1380,
  windowScale: 8,
})
const data = place.scene.connect(place.client, session.nextPort, other, 50_005)
command(session, 'LIST')
place.scene.wait(30_000)
data.reset('server')
place.scene.wait(30_000)
reply(session, '425 Failed to establish connection.')
quit(session)

export default place.scene
