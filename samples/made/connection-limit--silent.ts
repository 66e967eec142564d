import { listing, login, quit } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'
import { pureftpd } from '../../test/support/server-dialects.js'

const place = atClient(
  'Four connections of this client at once, all served; the number in the greeting is not a refusal.',
)
const sessions = [52_228, 52_229, 52_230, 52_231].map((clientPort) =>
  openControl(place, { clientPort, dialect: pureftpd }),
)
sessions.forEach((session, index) => {
  login(session, {
    banner: `220-You are user number ${index + 2} of 5 allowed.\r\n220 You will be disconnected after 15 minutes of inactivity.`,
  })
  session.nextPort += 100 * index + 100
})
for (const [index, session] of sessions.entries()) listing(session, { port: 50_004 + index })
for (const session of sessions) quit(session)

export default place.scene
