import { login, quit, retrieve } from '../../test/support/ftp-scene.js'
import { LinkType } from '../../test/support/link-writer.js'
import { inLan, openControl } from '../../test/support/places.js'
import { pyftpdlib } from '../../test/support/server-dialects.js'

const place = inLan(
  'Client and server are one machine and talk over its loopback interface: there 127.0.0.1 is the right address.',
  {
    client: '127.0.0.1',
    server: '127.0.0.1',
    serverLook: { distance: 0.01 },
  },
)
const session = openControl(place, { dialect: pyftpdlib, serverPort: 2121 })
login(session)
retrieve(session)
quit(session)

export const options = { linkType: LinkType.Null }

export default place.scene
