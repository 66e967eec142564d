import { ask, quit, reply } from '../../test/support/ftp-scene.js'
import { atServer, openControl } from '../../test/support/places.js'

const place = atServer('Four sessions of one client, each with a wrong password: a user who tries what comes to mind.')
for (let attempt = 0; attempt < 4; attempt++) {
  const session = openControl(place, { clientPort: 52_300 + attempt })
  reply(session, session.dialect.greeting, { think: 3 })
  ask(session, 'USER root', session.dialect.needPassword('root'))
  ask(session, `PASS guess${attempt}`, '530 Login incorrect.', { think: 900 })
  quit(session)
  place.scene.wait(2000)
}

export default place.scene
