import { login } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient(
  'Right after a line that ends in a bare LF a RST in the name of the server arrives, with a TTL unlike its ' +
    'other packets.',
)
const session = openControl(place)
login(session)
session.control.client('CWD incoming\n')
session.control.reset('server', { hopLimit: 254, identification: 0, window: 0, think: 0.02 })

export const options = { nanosecond: true }

export default place.scene
