import { command, dialBackInVain, login, port, quit, reply, store } from '../../test/support/ftp-scene.js'
import { LinkType } from '../../test/support/link-writer.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient(
  'The client announces the same port again two seconds after it closed a connection there: the SYN from the ' +
    'same port 20 is ignored.',
  { client: '198.51.100.7', clientLook: { timestamps: false } },
)
const session = openControl(place)
login(session)
store(session, { verb: 'PORT', port: 52_230 })
place.scene.wait(2000)
port(session, 52_230)
command(session, 'STOR second.bin')
dialBackInVain(session, 52_230, { attempts: 5 })
place.scene.wait(45_000)
reply(session, '425 Failed to establish connection.')
quit(session)

export const options = { linkType: LinkType.LinuxCooked2 }

export default place.scene
