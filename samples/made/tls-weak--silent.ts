import { certifiedListing } from '../../test/support/certified-session.js'

export default certifiedListing({ about: 'The server chooses TLS 1.2 with AES-GCM; the session works.' })
