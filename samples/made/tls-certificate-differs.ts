import { certifiedListing } from '../../test/support/certified-session.js'

export default certifiedListing({
  about: 'The data connection ends at another server than the control connection: its certificate is for other names.',
  dataChain: ['other-name', 'issuing'],
})
