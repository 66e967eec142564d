import type { ServerSoftware } from '../scenario.js'
import { proftpd } from './proftpd.js'
import { pureFtpd } from './pure-ftpd.js'
import { pyftpdlib } from './pyftpdlib.js'
import { scripted } from './scripted-launch.js'
import type { Server } from './server.js'
import { strictTls } from './strict-tls.js'
import { vsftpd } from './vsftpd.js'

export const SERVERS: Readonly<Record<Exclude<ServerSoftware, 'none'>, Server>> = {
  vsftpd,
  proftpd,
  'pure-ftpd': pureFtpd,
  pyftpdlib,
  'strict-tls': strictTls,
  scripted,
}
