import { ask, quit, reply } from '../../test/support/ftp-scene.js'
import { atServer, openControl } from '../../test/support/places.js'

const place = atServer('Twelve sessions of one client within a minute, each with another password, all rejected.')
for (let attempt = 0; attempt < 12; attempt++) {
  const session = openControl(place, { clientPort: 52_300 + attempt })
  reply(session, session.dialect.greeting, { think: 3 })
  ask(session, 'USER root', session.dialect.needPassword('root'))
  ask(session, `PASS guess${attempt}`, '530 Login incorrect.', { think: 900 })
  quit(session)
  place.scene.wait(2000)
}

export default place.scene
