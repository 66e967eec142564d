/** A verdict in a sentence. */
import type { HiddenTransfers } from '../facts/hidden-data.js'
import type { Judgement } from '../judge.js'
import { findingMessage } from './finding.js'
import type { Locate } from './frame-names.js'
import { byteCount } from './quantities.js'

/** One sentence, for a ticket; `locate` names the files of frames, if there are several. */
export function verdictSentence(judgement: Judgement, locate?: Locate): string {
  const { cause } = judgement.verdict
  return cause ? findingMessage(cause, locate) : plainSentence(judgement)
}

const LOGIN = { accepted: 'login accepted', rejected: 'login rejected', none: 'no login', unknown: 'login unknown' }

function plainSentence({ session, facts, verdict: { outcome } }: Judgement): string {
  const { attempted, completed, hidden } = facts.transfers
  const { login, security } = session.dialogue
  const tls = security === 'none' ? '' : `, under ${security === 'gssapi' ? 'GSSAPI' : 'TLS'}`
  const aborted = session.channels.filter(
    ({ transfer }) => transfer?.outcome === 'aborted' && transfer.command.abortedBy,
  )
  const byUser = aborted.length > 0 ? ` (aborted by the client: ${aborted.length})` : ''
  const counts = [
    ...(attempted > 0 ? [`transfers completed: ${completed} of ${attempted}${byUser}`] : []),
    ...(hidden ? [hiddenTransfersText(hidden)] : []),
  ]
  const summary = [`${LOGIN[login]}${tls}`, ...(counts.length > 0 ? counts : ['no transfers'])].join(', ')
  switch (outcome) {
    case 'ok':
      return `The session worked: ${summary}.`
    case 'degraded':
      return `The session succeeded after a retry: ${summary}.`
    case 'failed':
      return `The session failed: ${summary}.`
    case 'undetermined':
      if (facts.askedForNothing) return `Nothing was requested in this session: ${summary}.`
      return `The capture does not show how the session ended: ${summary}.`
  }
}

/** "data connections carried data: 2 of 3 (1861 bytes from the client)"; bytes as on the wire. */
export function hiddenTransfersText({
  opened,
  carriedData,
  bytesFromClient,
  bytesFromServer,
}: HiddenTransfers): string {
  const sent = [
    ...(bytesFromClient > 0 ? [`${byteCount(bytesFromClient)} from the client`] : []),
    ...(bytesFromServer > 0 ? [`${byteCount(bytesFromServer)} from the server`] : []),
  ]
  const bytes = sent.length > 0 ? ` (${sent.join(', ')})` : ''
  return `data connections carried data: ${carriedData} of ${opened}${bytes}`
}
