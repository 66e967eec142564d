/** What to change if the server refused a command on a file or directory, by the reason. */
import type { RefusalReason } from '../facts/refusal-reason.js'
import type { Shown } from '../words/quote.js'
import type { RemedyContext } from './remedy-context.js'

/** What a client can do where the server lacks an extension (RFC 3659). */
const INSTEAD: Readonly<Record<string, string>> = {
  MLSD: 'list with LIST (lftp: set ftp:use-mlsd no; WinSCP: Use MLSD command for directory listing: Off) instead of',
  MLST: 'use SIZE and MDTM, or LIST, instead of',
  REST: 'transfer the file from the beginning, without',
  APPE: 'upload the file from the beginning with STOR instead of',
}

/** `command` is the refused command with its argument; the user is `null` if unknown. */
export function refusalRemedy(
  reason: Shown<RefusalReason>,
  command: string,
  user: string | null,
  { serverSoftware, clientSoftware }: RemedyContext,
): string[] {
  const server = serverSoftware === null ? 'on the server' : `on the server (${serverSoftware})`
  const client = clientSoftware === null ? 'in the client' : `in the client (${clientSoftware})`
  const who = user === null ? 'the logged-in user' : `user ${user}`
  const log = "the server's log gives the reason"
  switch (reason.kind) {
    case 'restart-beyond-end':
      return [
        `${client}: delete the local file, which is longer than the one on the server, and start from the beginning`,
      ]
    case 'size-in-ascii':
      return [
        `${client}: transfer in binary mode (TYPE I)`,
        'or use a newer client: RFC 3659 §4 allows a server to refuse SIZE in TYPE A, and the transfer itself may work',
      ]
    case 'name-format':
      return [`${client}: send SITE NAMEFMT 1 after the login, then use paths such as /QSYS.LIB or /home`]
    case 'data-set-name':
      return [`${client}: put the full data set name in single quotes, or a z/OS UNIX path that begins with /`]
    case 'list-options':
      return [`${client}: list without options (-a, -l); MLSD needs none`]
    case 'encoding':
      return [
        reason.sent === 'utf-8'
          ? `${client}: send names in the character set of the server (ISO 8859-1, Windows-1252), not UTF-8`
          : `${client}: send names in UTF-8 (RFC 2640; FileZilla: Site Manager, Charset)`,
        `or ${server}: store and list names in UTF-8, and announce UTF8 in FEAT`,
      ]
    case 'blank':
      return [
        `${client}: rename the file so that its path has no blank, or change to the directory first`,
        `or ${server}: update the server: a path ends at the end of the line, not at a blank (RFC 959 §5.3.1)`,
      ]
    case 'root':
      return [
        `${client}: use a path relative to the directory after the login, or one that begins at / of the account ` +
          `(chroot), not the path of the host: list / to see what is there`,
        `or ${server}: do not confine ${who} to a directory (chroot), if paths of the host are wanted`,
      ]
    case 'permission':
      return [
        `${server}: give ${who} permission for "${command}": owner and mode of the file and of its directory, the ` +
          `server's own settings for writing, SELinux; ${log}`,
      ]
    case 'read-only':
      return [`${server}: the file system or the account is read-only: make it writable for ${who}`]
    case 'missing':
      return [
        `${client}: check the name and directory in "${command}" as ${who} sees them: upper and lower case, and ` +
          'whether paths begin at the root of the account',
        `or ${server}: create what is missing, readable for ${who}`,
      ]
    case 'exists':
      return [`${client}: use another name, or delete or overwrite what exists`]
    case 'not-empty':
      return [`${client}: delete the contents of the directory first`]
    case 'is-directory':
    case 'not-directory':
      return [
        `${client}: "${command}" names a ${reason.kind === 'is-directory' ? 'directory' : 'file'}: correct the path`,
      ]
    case 'name':
      return [`${client}: use a name that the server allows: no reserved names or characters; ${log}`]
    case 'busy':
      return [`${server}: another process uses the file: try again when it is closed; ${log}`]
    case 'not-implemented':
      return [
        `${client}: ${INSTEAD[command.split(' ', 1)[0]!.toUpperCase()] ?? 'do without'} "${command}", which this ` +
          'server does not support or does not allow',
      ]
    case 'unspecified':
      return [
        `check the name and directory in "${command}" as ${who} sees them, and that user's permissions ${server}; ${log}`,
      ]
  }
}
