import type { ClientSoftware } from '../scenario.js'
import type { Client } from './client.js'
import { curl } from './curl.js'
import { ftplib } from './ftplib.js'
import { inetutilsFtp, tnftp } from './interactive.js'
import { lftp } from './lftp.js'
import { ncftp, wget } from './one-shot.js'
import { basicFtp, scripted } from './typescript-programs.js'

export const CLIENTS: Readonly<Record<ClientSoftware, Client>> = {
  curl,
  lftp,
  tnftp,
  'inetutils-ftp': inetutilsFtp,
  ncftp,
  wget,
  ftplib,
  'basic-ftp': basicFtp,
  scripted,
}
