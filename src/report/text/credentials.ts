import { endpointText } from '../../diagnose/words/evidence.js'
import { cleartextCredentials } from '../../diagnose/rules/security/cleartext-credentials.js'
import type { CredentialReport } from '../contract.js'
import type { FileFrames } from '../place/file-frames.js'
import type { TextContext } from './context.js'
import { plural } from './units.js'
import { hang } from './wrap.js'

/** The finding that the list of users replaces. */
export const CREDENTIALS = cleartextCredentials.id

/** The users whose passwords can be read in the capture: the first one, in a line, or all if they are asked for. */
export function* credentials(
  exposed: readonly CredentialReport[],
  { width, style, frames, all }: TextContext,
): Iterable<string> {
  const [first] = exposed
  if (!first) return
  yield ''
  const title = 'Passwords in clear text'
  const more = moreUsers(exposed)
  if (!all || more === null) {
    const rest = more === null ? '' : ` ${more}`
    const lines = hang('', 0, `${title}: ${exposedUser(first, frames)}${rest} (${CREDENTIALS})`, width - 1)
    yield* lines.map((line, at) => (at === 0 ? line.replace(title, style.heading(title)) : ` ${line}`))
    return
  }
  yield style.heading(title) + style.faint(`   (${CREDENTIALS})`)
  for (const each of exposed) yield* hang(' ', 1, exposedUser(each, frames), width)
}

/** "and 6 more users; --all lists them"; `null` if there is one user. */
export function moreUsers(exposed: readonly CredentialReport[]): string | null {
  return exposed.length > 1 ? `and ${plural(exposed.length - 1, 'more user')}; --all lists them` : null
}

function exposedUser({ user, server, ...rest }: CredentialReport, frames: FileFrames): string {
  return `${user} at ${endpointText(server.address, server.port)}: ${exposure(rest, frames)}`
}

/** "accepted, 3 sessions, first in frame 11", "rejected, 1 session, first in server.pcap #48" */
export function exposure(
  { sessions, firstFrame, accepted }: Omit<CredentialReport, 'user' | 'server'>,
  frames: FileFrames,
): string {
  const answer = accepted === null ? 'no reply to it' : accepted ? 'accepted' : 'rejected'
  return `${answer}, ${plural(sessions, 'session')}, first in ${frames.isSeveral ? frames.name(firstFrame) : `frame ${firstFrame}`}`
}
