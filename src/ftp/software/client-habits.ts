import type { Exchange } from '../model.js'

/** Commands of a session that are looked at. */
const MOST = 24
/** basic-ftp's Client.ts, useDefaultSettings(). */
const BASIC_FTP_FACTS = 'MLST type;size;modify;unique;unix.mode;unix.owner;unix.group;unix.ownername;unix.groupname;'
/** libcurl asks for the directory, then opens the data connection, and only then sets the type (lib/ftp.c, state machine). */
const CURL = /^USER,(?:PASS,)?PWD,(?:CWD,)*(?:(?:EPSV|PASV|EPRT|PORT),)+TYPE$/
/** Windows' ftp.exe asks for UTF-8 before the user, never for features, and knows active mode alone. */
const WINDOWS = /^OPTS,USER,(?:PASS,)?(?:(?!FEAT|EPSV|PASV|EPRT)[A-Z]+,)*PORT$/

/** Clients that do not name themselves, told by the order of their commands; only orders that one client alone is known for. */
export class ClientHabits {
  #said = ''
  #count = 0
  #utf8First = false

  /** The client that has given itself away with this command; `null` otherwise. */
  command({ command, argument }: Exchange): string | null {
    if (command === null || this.#count >= MOST) return null
    this.#count++
    this.#said += this.#said === '' ? command : `,${command}`
    switch (command) {
      case 'OPTS':
        if (this.#count === 1) this.#utf8First = argument?.toUpperCase() === 'UTF8 ON'
        return argument === BASIC_FTP_FACTS ? 'basic-ftp (by its commands)' : null
      case 'TYPE':
        return CURL.test(this.#said) ? 'curl (by its commands)' : null
      case 'PORT':
        return this.#utf8First && WINDOWS.test(this.#said) ? 'Windows ftp.exe (by its commands)' : null
      default:
        return null
    }
  }
}
