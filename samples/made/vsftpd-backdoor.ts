import { command, reply } from '../../test/support/ftp-scene.js'
import { atServer, openControl } from '../../test/support/places.js'

const place = atServer(
  'A user name with ":)" at vsftpd 2.3.4, no reply to PASS, and a shell on port 6200; the process that became the ' +
    'shell is missed later.',
)
const { scene, client, server } = place
const session = openControl(place)
reply(session, '220 (vsFTPd 2.3.4)')
command(session, 'USER BB7DNF:)')
reply(session, '331 Please specify the password.')
command(session, 'PASS x')
scene.wait(500)
const shell = scene.connect(client, 52_230, server, 6200)
shell.client('id\n').server('uid=0(root) gid=0(root)\n').client('exit\n').close('server')
session.control.fin('client')
reply(session, '500 OOPS: priv_sock_get_result', { think: 1000 })

export default place.scene
