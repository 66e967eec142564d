import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { UNPACKED } from '../install.js'
import { certificateFile } from '../tls/certificates.js'
import type { Server } from './server.js'

export const vsftpd: Server = ({ spec, port, passiveRange, family, folder, home }) => {
  const empty = join(folder, 'empty')
  mkdirSync(empty)
  const settings: Record<string, string> = {
    background: 'NO',
    [family === 6 ? 'listen_ipv6' : 'listen']: 'YES',
    listen_port: `${port}`,
    anonymous_enable: 'NO',
    anon_root: home,
    no_anon_password: 'YES',
    local_enable: 'YES',
    write_enable: 'YES',
    chroot_local_user: 'YES',
    allow_writeable_chroot: 'YES',
    secure_chroot_dir: empty,
    pam_service_name: 'vsftpd',
    connect_from_port_20: 'YES',
    pasv_min_port: `${passiveRange[0]}`,
    pasv_max_port: `${passiveRange[1]}`,
    vsftpd_log_file: join(folder, 'vsftpd.log'),
    xferlog_enable: 'YES',
    log_ftp_protocol: 'YES',
    ...(spec.announce === undefined ? {} : { pasv_address: spec.announce }),
    ...(spec.tls === undefined || spec.tls === 'none'
      ? {}
      : {
          ssl_enable: 'YES',
          rsa_cert_file: certificateFile(spec.certificate),
          implicit_ssl: spec.tls === 'implicit' ? 'YES' : 'NO',
          force_local_logins_ssl: spec.tlsRequired === true ? 'YES' : 'NO',
          force_local_data_ssl: spec.tlsRequired === true ? 'YES' : 'NO',
        }),
    ...spec.settings,
  }
  const file = join(folder, 'vsftpd.conf')
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`)
  writeFileSync(file, lines.join(''))
  return { command: [join(UNPACKED, 'usr/sbin/vsftpd'), file] }
}
