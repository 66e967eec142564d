import type { Exchange } from './model.js'

/** Stream offsets of QUIT and of its line end in the signature of version 2: CR LF CR LF NUL CR LF QUIT LF. */
const SIGNATURE_QUIT = { start: 7, end: 12 }

/**
 * The header with which a load balancer passes on the client's address, before the first command (The PROXY protocol,
 * §2.1): `PROXY TCP4 192.0.2.5 203.0.113.20 52228 21`. Version 2 (§2.2) is binary, but its signature contains `QUIT`.
 */
export function isProxyHeader({ command, argument, lineEnd, streamStart, streamEnd }: Exchange): boolean {
  if (command === 'PROXY') return streamStart === 0 && /^(?:TCP[46]|UNKNOWN)\b/.test(argument ?? '')
  if (command !== 'QUIT' || lineEnd !== 'lf') return false
  return streamStart === SIGNATURE_QUIT.start && streamEnd === SIGNATURE_QUIT.end
}
