import { listing, login, quit } from '../../test/support/ftp-scene.js'
import { LinkType } from '../../test/support/link-writer.js'
import { atClient, openControl } from '../../test/support/places.js'
import { proftpd } from '../../test/support/server-dialects.js'

const place = atClient(
  'The server asks port 113 of the client for the user (ident), nobody answers, and only after 10 seconds ' +
    'comes its greeting.',
)
const session = openControl(place, { dialect: proftpd })
place.scene.syn(place.server, 41_872, place.client, 113, { attempts: 4 })
place.scene.wait(3000)
login(session)
listing(session)
quit(session)

export const options = { linkType: LinkType.LinuxCooked }

export default place.scene
