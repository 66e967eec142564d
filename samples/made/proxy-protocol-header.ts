import { ask, command, reply } from '../../test/support/ftp-scene.js'
import { atServer, openControl } from '../../test/support/places.js'

const place = atServer(
  'A load balancer sends a PROXY protocol header, which the server refuses; ' +
    'the client takes that for the reply to USER.',
)
const session = openControl(place)
command(session, 'PROXY TCP4 198.51.100.7 203.0.113.20 52228 21')
reply(session, '220 (vsFTPd 3.0.5)')
reply(session, '530 Please login with USER and PASS.')
ask(session, 'USER alice', '331 Please specify the password.')
session.control.close('client')

export default place.scene
