import { certifiedListing } from '../../test/support/certified-session.js'

export default certifiedListing({
  about: 'Each connection has a TLS session of its own, with the same certificate.',
  dataChain: ['server', 'issuing'],
})
