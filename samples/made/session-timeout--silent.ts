import { login, quit, store } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'
import { proftpd } from '../../test/support/server-dialects.js'

const place = atClient('Uploads for ten minutes, and the client quits before any limit of the server.')
const session = openControl(place, { dialect: proftpd })
login(session)
for (let number = 0; number < 4; number++) {
  store(session, { path: `page${number}.html`, port: 50_100 + number })
  place.scene.wait(149_000)
}
quit(session)

export default place.scene
