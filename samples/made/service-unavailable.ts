import { reply } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient('The server greets with 421 Service not available and closes.')
const session = openControl(place)
reply(session, '421 Service not available, remote server has closed connection.', { think: 3 })
session.control.close('server')

export default place.scene
