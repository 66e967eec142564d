import { ask, login } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient(
  'SITE CHMOD is sent six times and never acknowledged, although the session worked until then: something swallows it.',
)
const session = openControl(place)
login(session)
ask(session, 'PWD', '257 "/" is the current directory')
session.control.unacknowledged('client', 'SITE CHMOD 755 report.bin\r\n', { attempts: 6 })
place.scene.wait(13_000)
session.control.reset('client')

export default place.scene
