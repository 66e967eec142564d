import { endpointText } from '../../diagnose/words/evidence.js'
import { cleartextCredentials } from '../../diagnose/rules/security/cleartext-credentials.js'
import type { CredentialReport } from '../contract.js'
import type { FileFrames } from '../place/file-frames.js'
import type { TextContext } from './context.js'
import { plural } from './units.js'
import { hang } from './wrap.js'

/** The finding that the list of users replaces. */
export const CREDENTIALS = cleartextCredentials.id

/** Users that are listed; JSON has all. */
const LISTED_USERS = 10

/** The users whose passwords can be read in the capture. */
export function* credentials(
  exposed: readonly CredentialReport[],
  { width, style, frames }: TextContext,
): Iterable<string> {
  if (exposed.length === 0) return
  yield ''
  yield style.heading('Passwords in clear text') + style.faint(`   (${CREDENTIALS})`)
  for (const { user, server, ...rest } of exposed.slice(0, LISTED_USERS))
    yield* hang(' ', 1, `${user} at ${endpointText(server.address, server.port)}: ${exposure(rest, frames)}`, width)
  const more = exposed.length - LISTED_USERS
  if (more > 0) yield ` and ${plural(more, 'more user')}, in the JSON report`
}

/** "accepted, 3 sessions, first in frame 11", "rejected, 1 session, first in server.pcap #48" */
export function exposure(
  { sessions, firstFrame, accepted }: Omit<CredentialReport, 'user' | 'server'>,
  frames: FileFrames,
): string {
  const answer = accepted === null ? 'no reply to it' : accepted ? 'accepted' : 'rejected'
  return `${answer}, ${plural(sessions, 'session')}, first in ${frames.isSeveral ? frames.name(firstFrame) : `frame ${firstFrame}`}`
}
