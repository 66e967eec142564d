import { atClient, openControl } from '../../test/support/places.js'
import { filezilla } from '../../test/support/server-dialects.js'

const place = atClient(
  'On port 990 the client waits for a greeting and the server for a ClientHello: 30 seconds of silence, then ' +
    'the client closes.',
)
const session = openControl(place, { serverPort: 990, dialect: filezilla })
place.scene.wait(30_000)
session.control.close('client')

export default place.scene
