import { login, quit, store } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'

const place = atClient('An upload of a few bytes, which the server confirms.')
const session = openControl(place)
login(session)
store(session, { path: 'photo.jpg', data: 300 })
quit(session)

export default place.scene
