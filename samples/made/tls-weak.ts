import { certifiedListing } from '../../test/support/certified-session.js'

export default certifiedListing({
  about: 'The server chooses TLS 1.0 and 3DES; the session works.',
  parameters: { version: 0x0301, suite: 0x000a },
})
