import { atServer } from '../../test/support/places.js'

const place = atServer(
  'The server answers every SYN and repeats its SYN,ACK; no ACK ever arrives: the way back to the client is broken.',
)
place.scene.syn(place.client, 52_228, place.server, 21, { attempts: 4, answer: 'syn-ack' })

export default place.scene
