import { login, quit, store } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'
import { proftpd } from '../../test/support/server-dialects.js'

const place = atClient('An upload a minute for ten minutes, and the client quits before any limit of the server.')
const session = openControl(place, { dialect: proftpd })
login(session)
for (let number = 0; number < 10; number++) {
  store(session, { path: `page${number}.html`, port: 50_100 + number })
  place.scene.wait(59_000)
}
quit(session)

export default place.scene
