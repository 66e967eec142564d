/** What to repair where the server's own words name the fault. */
import type { ServerFault } from '../facts/server-words.js'
import { serverSettings } from './settings/server-settings.js'

/** The remedies for a fault of the server, best first. */
export function faultRemedies(fault: ServerFault | 'other', software: string | null): string[] {
  const server = `on the server${software === null ? '' : ` (${software})`}`
  switch (fault) {
    case 'writable-root':
      return [
        "on the server (vsftpd): the user's home directory is writable in the chroot: set " +
          'allow_writeable_chroot=YES, or remove its write permission and set local_root or use a directory below it',
      ]
    case 'home':
      return [
        `${server}: create the user's home directory, or mount the volume on which it is, owned by the user and ` +
          `accessible to the FTP server (${ofServer(HOME_SETTINGS, software)})`,
      ]
    case 'chroot':
      return [
        `${server}: the directory to which the user is confined must exist, and the FTP server must be allowed to ` +
          'enter it and each directory above it',
      ]
    case 'tls-setup':
      return [
        `${server}: repair its TLS settings: certificate and private key readable and matching each other, ciphers ` +
          `and protocol versions that suit that key (${ofServer(TLS_SETTINGS, software)})`,
        `then check with openssl s_client on the server itself; the client's TLS mode is not the cause`,
      ]
    case 'log-file':
      return [
        'on the server (vsftpd): the directory of its log file (xferlog_file, vsftpd_log_file) must exist and be ' +
          'writable for vsftpd: check permissions, SELinux or AppArmor, and read-only volumes of a container',
        'or, without a log, xferlog_enable=NO',
      ]
    case 'child-died':
      return [
        `${server}: the kernel log at that time (dmesg, journalctl -k) shows why its process ended: memory or ` +
          'address space limit, or seccomp; as a test, vsftpd seccomp_sandbox=NO',
      ]
    case 'configuration':
      return [`${server}: correct what the reply names in its configuration (vsftpd.conf), then restart it`]
    case 'other':
      return [`${server}: repair what the reply names; the server's log at that time has more`]
  }
}

type Settings = Readonly<Record<string, string>>

/** vsftpd.conf(5), ProFTPD's mod_auth, pure-ftpd(8), IIS's user isolation. */
const HOME_SETTINGS: Settings = {
  vsftpd: 'vsftpd: local_root',
  proftpd: 'ProFTPD: CreateHome on',
  'pure-ftpd': 'Pure-FTPd: CreateHomeDir yes (-j)',
  microsoft: String.raw`IIS: FTP User Isolation, with the directory LocalUser\NAME below the site's, and NTFS permissions`,
}

/** vsftpd.conf(5), ProFTPD's mod_tls, pure-ftpd(8). */
const TLS_SETTINGS: Settings = {
  vsftpd: 'vsftpd: rsa_cert_file, rsa_private_key_file, ssl_ciphers, ssl_tlsv1',
  proftpd: 'ProFTPD: TLSRSACertificateFile, TLSRSACertificateKeyFile, TLSCipherSuite, TLSProtocol',
  'pure-ftpd': 'Pure-FTPd: CertFile, TLSCipherSuite (-J)',
}

/** The setting of the recognized server, or those of all. */
function ofServer(settings: Settings, software: string | null): string {
  const own = settings[serverSettings(software)?.product ?? '']
  return own ?? Object.values(settings).join('; ')
}
