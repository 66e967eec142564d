import { listing, login, quit } from '../../test/support/ftp-scene.js'
import { atClient, openControl } from '../../test/support/places.js'
import { pureftpd } from '../../test/support/server-dialects.js'

const place = atClient('The greeting names SSH, HTTP and ESMTP, but it is a 220 of an FTP server, and FTP follows.')
const session = openControl(place, { dialect: pureftpd })
login(session, {
  banner:
    '220-SSH-2.0 users: please use port 22.\r\n220-HTTP/1.1 access: http://files.example.net/\r\n220 ' +
    'files.example.net ESMTP and FTP host ready.',
})
listing(session)
quit(session)

export default place.scene
