import { refusedCertificate } from '../../test/support/certified-session.js'

export default refusedCertificate(42, {
  about:
    'The client wants ftp.example.net and gets the certificate of the web server: it refuses it with a general alert.',
  chain: ['other-name', 'issuing'],
})
