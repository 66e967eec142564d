import { listing, login, quit } from '../../test/support/ftp-scene.js'
import { atServer, openControl } from '../../test/support/places.js'

const place = atServer(
  'Two clients of one office come through two uplinks at once, each with a session and a data connection of its own.',
)
const other = { ...place, client: place.scene.host('198.51.100.8', { hopLimit: 50, distance: 14 }) }
const sessions = [openControl(place), openControl(other, { clientPort: 49_800 })]
for (const session of sessions) login(session)
for (const [index, session] of sessions.entries()) listing(session, { port: 50_005 + index })
for (const session of sessions) quit(session)

export default place.scene
