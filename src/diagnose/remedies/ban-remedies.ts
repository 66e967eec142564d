/** Remedies against a block of the client's address after rejected logins. */
import { withCommands } from './commands.js'
import type { Sighting } from '../../tcp/connection.js'
import { at, type Evidence } from '../words/evidence.js'

/** What the rejected logins before a connection that failed suggest, as a sentence with a space before it. */
export function banWords(client: string, rejectedLogins: number): string {
  if (rejectedLogins === 0) return ''
  const logins = rejectedLogins === 1 ? 'a login' : `${rejectedLogins} logins`
  const rejected = `The server had rejected ${logins} of ${client} shortly before`
  return ` ${rejected}: it, or a firewall in front of it, has probably banned that address.`
}

/** Rejected logins shown as evidence. */
const SHOWN = 5

export function rejectedEvidence(rejected: readonly Sighting[]): Evidence[] {
  return rejected.slice(-SHOWN).map((sighting) => at(sighting, 'login rejected'))
}

/** Remedy lines for an address that was banned, best first. */
export function banRemedy(client: string): string[] {
  const tools = [
    'sshguard: its firewall table',
    'ProFTPD mod_ban: ftpdctl permit host',
    'Plesk: IP Address Banning',
    'FileZilla Server: Autoban',
    'IIS: FTP Logon Attempt Restrictions',
  ]
  return [
    withCommands(
      `on the server and in the firewalls in front of it, look for a ban of ${client}, and lift it (${tools.join('; ')})`,
      ['fail2ban', `fail2ban-client unban ${client}`],
      ['CSF', `csf -g ${client}`],
      ['CSF', `csf -dr ${client}`],
      ['CSF', `csf -tr ${client}`],
    ),
    'in the client: correct user name and password before the next attempt, since each rejected login prolongs the ban',
  ]
}
