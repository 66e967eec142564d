/** What to change where the server says why it refused a login. */
import type { LoginObstacle } from '../facts/server-words.js'

/** The remedies for an obstacle, best first. */
export const OBSTACLE_REMEDIES: Readonly<Record<LoginObstacle, readonly string[]>> = {
  'host-name': [
    'in the client: put the host name of the site before the user name (ftp.example.com|alice), or send ' +
      'HOST ftp.example.com before USER (RFC 7151)',
    'or on the server (IIS): add a binding without a host name, on an address or port of its own',
  ],
  'anonymous-only': [
    'in the client: log in as anonymous',
    'or on the server: allow accounts (vsftpd: local_enable=YES; Pure-FTPd: AnonymousOnly no (without -e))',
  ],
  'no-anonymous': [
    'in the client: log in with an account of the server',
    'or on the server: allow anonymous logins (vsftpd: anonymous_enable=YES; ProFTPD: an <Anonymous> section; ' +
      'Pure-FTPd: NoAnonymous no (without -E); IIS: FTP Authentication, Anonymous)',
  ],
  'account-closed': [
    'on the server: enable the account again, or extend it (chage -l and passwd -S show its state; ' +
      'in Windows, the properties of the account)',
  ],
  shell: [
    'on the server: add the shell of the account to /etc/shells, or do not require it (ProFTPD: RequireValidShell ' +
      'off; vsftpd: pam_shells in its PAM service; Pure-FTPd: also MinUID (-u))',
  ],
  banned: [
    'on the server: lift the ban (fail2ban-client unban; ProFTPD: ftpdctl permit; FileZilla Server: Autoban), or ' +
      'wait until it ends',
    'in the client: correct the stored password that caused it',
  ],
  address: [
    'on the server: admit the address of the client (/etc/hosts.allow; ProFTPD: <Limit LOGIN>; IIS: FTP IP Address ' +
      'and Domain Restrictions), or connect from one that is admitted',
  ],
  'unknown-user': [
    'check the user name, and the host or virtual server for which it is valid',
    'on the server: add the user to the list of this virtual server (ProFTPD: AuthUserFile; Pure-FTPd: pure-pw ' +
      'useradd and pure-pw mkdb)',
  ],
  denied: [
    'on the server: remove the user from its list of refused users, or add it to that of admitted users (vsftpd: ' +
      'userlist_enable, userlist_deny and userlist_file; /etc/ftpusers)',
  ],
}
