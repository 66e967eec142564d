import { login } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient(
  'A PORT with two blanks is sent six times and never acknowledged: a conntrack helper on the router drops it. ' +
    'The server repeats its last reply in between, and is content.',
)
const session = openControl(place)
login(session)
const { control } = session
control.unacknowledged('client', 'PORT  192,168,1,10,183,13\r\n', { attempts: 3, timeout: 230 })
control.retransmit('server', 1, { think: 1 })
for (const think of [900, 1800, 3600]) control.retransmit('client', 1, { think, delivered: false })

export default place.scene
