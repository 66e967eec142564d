import type { Exchange } from '../model.js'

/** Commands examined per session. */
const MOST = 24
/** basic-ftp's Client.ts, useDefaultSettings(). */
const BASIC_FTP_FACTS = 'MLST type;size;modify;unique;unix.mode;unix.owner;unix.group;unix.ownername;unix.groupname;'
/** libcurl requests the directory, then opens the data connection, then sets the type (lib/ftp.c, state machine). */
const CURL = /^USER,(?:PASS,)?PWD,(?:CWD,)*(?:(?:EPSV|PASV|EPRT|PORT),)+TYPE$/
/** ftp.exe of Windows requests UTF-8 before USER, never sends FEAT, and supports active mode only. */
const WINDOWS = /^OPTS,USER,(?:PASS,)?(?:(?!FEAT|EPSV|PASV|EPRT)[A-Z]+,)*PORT$/

/** Clients that do not name themselves, recognized by the order of their commands, if that is unique to one client. */
export class ClientHabits {
  #commands = ''
  #count = 0
  #utf8First = false

  /** The client that this command identifies; `null` otherwise. */
  command({ command, argument }: Exchange): string | null {
    if (command === null || this.#count >= MOST) return null
    this.#count++
    this.#commands += this.#commands === '' ? command : `,${command}`
    switch (command) {
      case 'OPTS':
        if (this.#count === 1) this.#utf8First = argument?.toUpperCase() === 'UTF8 ON'
        return argument === BASIC_FTP_FACTS ? 'probably basic-ftp' : null
      case 'TYPE':
        return CURL.test(this.#commands) ? 'probably curl' : null
      case 'PORT':
        return this.#utf8First && WINDOWS.test(this.#commands) ? 'probably Windows ftp.exe' : null
      default:
        return null
    }
  }
}
