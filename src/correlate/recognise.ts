import { looksLikeGreeting, looksLikeSsh, looksLikeTls } from '../ftp/recognition/detect.js'
import { Attention } from '../tcp/attention.js'
import { Direction } from '../tcp/connection.js'

/** IANA's ssh: where FTP and FTPS clients end up that should speak SFTP. */
const SSH_PORT = 22

/**
 * How closely to follow a connection to any port, by the first payload of one side. `first`: the other side has sent
 * nothing yet; `port`: the responder's.
 */
export function attentionTo(
  bytes: Uint8Array,
  start: number,
  end: number,
  direction: Direction,
  first: boolean,
  port: number,
): Attention {
  if (direction === Direction.FromResponder) {
    if (looksLikeGreeting(bytes, start, end) || mayBecomeGreeting(bytes, start, end)) return Attention.Read
    // An FTP client waits for the greeting; an SSH client that has spoken already is none.
    return first && looksLikeSsh(bytes, start, end) ? Attention.Read : Attention.Ignored
  }
  // Implicit TLS: the client speaks first.
  return first && port === SSH_PORT && looksLikeTls(bytes, start, end) ? Attention.Read : Attention.Ignored
}

/** The first segment is too short to be recognized, but begins like a greeting. */
function mayBecomeGreeting(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start < 4 && '220'.startsWith(String.fromCharCode(...bytes.subarray(start, end)))
}
