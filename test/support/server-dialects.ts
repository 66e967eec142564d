/** The wording of a server's replies, complete except for the final CRLF. */
export interface Dialect {
  greeting: string
  needPassword: (user: string) => string
  loggedIn: (user: string) => string
  system: string
  typeSet: string
  passive: (tuple: string) => string
  extendedPassive: (port: number) => string
  portAccepted: (verb: string) => string
  /** Reply to RETR, or to LIST where the path is empty. */
  opening: (path: string, bytes: number) => string
  /** Reply to STOR. */
  receiving: (path: string) => string
  complete: string
  listingComplete: string
  goodbye: string
}

/** Wording of vsftpd 3.0.3 to 3.0.5. */
export const vsftpd: Dialect = {
  greeting: '220 (vsFTPd 3.0.3)',
  needPassword: () => '331 Please specify the password.',
  loggedIn: () => '230 Login successful.',
  system: '215 UNIX Type: L8',
  typeSet: '200 Switching to Binary mode.',
  passive: (tuple) => `227 Entering Passive Mode (${tuple}).`,
  extendedPassive: (port) => `229 Entering Extended Passive Mode (|||${port}|)`,
  portAccepted: (verb) => `200 ${verb} command successful. Consider using ${verb === 'EPRT' ? 'EPSV' : 'PASV'}.`,
  opening: (path, bytes) =>
    path === ''
      ? '150 Here comes the directory listing.'
      : `150 Opening BINARY mode data connection for ${path} (${bytes} bytes).`,
  receiving: () => '150 Ok to send data.',
  complete: '226 Transfer complete.',
  listingComplete: '226 Directory send OK.',
  goodbye: '221 Goodbye.',
}

/** Wording of ProFTPD 1.3. */
export const proftpd: Dialect = {
  greeting: '220 ProFTPD Server (Debian) [::ffff:203.0.113.20]',
  needPassword: (user) => `331 Password required for ${user}`,
  loggedIn: (user) => `230 User ${user} logged in`,
  system: '215 UNIX Type: L8',
  typeSet: '200 Type set to I',
  passive: (tuple) => `227 Entering Passive Mode (${tuple}).`,
  extendedPassive: (port) => `229 Entering Extended Passive Mode (|||${port}|)`,
  portAccepted: (verb) => `200 ${verb} command successful`,
  opening: (path, bytes) =>
    path === ''
      ? '150 Opening ASCII mode data connection for file list'
      : `150 Opening BINARY mode data connection for ${path} (${bytes} bytes)`,
  receiving: (path) => `150 Opening BINARY mode data connection for ${path}`,
  complete: '226 Transfer complete',
  listingComplete: '226 Transfer complete',
  goodbye: '221 Goodbye.',
}

/** Wording of Pure-FTPd 1.0. */
export const pureftpd: Dialect = {
  greeting: [
    '220---------- Welcome to Pure-FTPd [privsep] [TLS] ----------',
    '220-You are user number 1 of 50 allowed.',
    '220-Local time is now 09:00. Server port: 21.',
    '220-This is a private system - No anonymous login',
    '220-IPv6 connections are also welcome on this server.',
    '220 You will be disconnected after 15 minutes of inactivity.',
  ].join('\r\n'),
  needPassword: (user) => `331 User ${user} OK. Password required`,
  loggedIn: () => '230 OK. Current directory is /',
  system: '215 UNIX Type: L8',
  typeSet: '200 TYPE is now 8-bit binary',
  passive: (tuple) => `227 Entering Passive Mode (${tuple})`,
  extendedPassive: (port) => `229 Extended Passive mode OK (|||${port}|)`,
  portAccepted: () => '200 PORT command successful',
  opening: (path, bytes) =>
    path === ''
      ? '150 Accepted data connection'
      : `150-Accepted data connection\r\n150 ${(bytes / 1024).toFixed(1)} kbytes to download`,
  receiving: () => '150 Accepted data connection',
  complete: '226-File successfully transferred\r\n226 0.002 seconds (measured here), 1.20 Mbytes per second',
  listingComplete: '226-Options: -a -l\r\n226 3 matches total',
  goodbye: '221-Goodbye. You uploaded 0 and downloaded 2 kbytes.\r\n221 Logout.',
}

/** Wording of FileZilla Server 1.x. */
export const filezilla: Dialect = {
  greeting: '220-FileZilla Server 1.8.1\r\n220 Please visit https://filezilla-project.org/',
  needPassword: () => '331 Please, specify the password.',
  loggedIn: () => '230 Login successful.',
  system: '215 UNIX emulated by FileZilla.',
  typeSet: '200 Type set to I',
  passive: (tuple) => `227 Entering Passive Mode (${tuple})`,
  extendedPassive: (port) => `229 Entering Extended Passive Mode (|||${port}|)`,
  portAccepted: (verb) => `200 ${verb} command successful.`,
  opening: () => '150 Starting data transfer.',
  receiving: () => '150 Starting data transfer.',
  complete: '226 Operation successful',
  listingComplete: '226 Operation successful',
  goodbye: '221 Goodbye.',
}

/** Wording of Microsoft IIS (FTP service 7 and later). */
export const iis: Dialect = {
  greeting: '220 Microsoft FTP Service',
  needPassword: () => '331 Password required',
  loggedIn: () => '230 User logged in.',
  system: '215 Windows_NT',
  typeSet: '200 Type set to I.',
  passive: (tuple) => `227 Entering Passive Mode (${tuple}).`,
  extendedPassive: (port) => `229 Entering Extended Passive Mode (|||${port}|)`,
  portAccepted: (verb) => `200 ${verb} command successful.`,
  opening: () => '125 Data connection already open; Transfer starting.',
  receiving: () => '125 Data connection already open; Transfer starting.',
  complete: '226 Transfer complete.',
  listingComplete: '226 Transfer complete.',
  goodbye: '221 Goodbye.',
}

/** Wording of pyftpdlib 1.5 and 2. */
export const pyftpdlib: Dialect = {
  greeting: '220 pyftpdlib 1.5.9 ready.',
  needPassword: () => '331 Username ok, send password.',
  loggedIn: () => '230 Login successful.',
  system: '215 UNIX Type: L8',
  typeSet: '200 Type set to: Binary.',
  passive: (tuple) => `227 Entering passive mode (${tuple}).`,
  extendedPassive: (port) => `229 Entering extended passive mode (|||${port}|).`,
  portAccepted: () => '200 Active data connection established.',
  opening: () => '125 Data connection already open. Transfer starting.',
  receiving: () => '125 Data connection already open. Transfer starting.',
  complete: '226 Transfer complete.',
  listingComplete: '226 Transfer complete.',
  goodbye: '221 Goodbye.',
}
