import { ask, reply } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient(
  'Each line of the greeting is a complete 220 reply: the client reads the second one as the reply to USER.',
)
const session = openControl(place)
reply(session, '220 Welcome to the FTP server of the camera')
ask(session, 'USER alice', '220 Firmware 2.1, ready')
reply(session, '331 Password required')
session.control.close('client')

export default place.scene
