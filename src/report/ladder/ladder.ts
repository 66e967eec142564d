import { causeOf } from '../cause.js'
import type { SessionReport } from '../contract.js'
import { dialogueRows } from './dialogue-rows.js'
import { middleboxOf } from './middlebox.js'
import type { Ladder } from './model.js'
import { packetRows } from './packet-rows.js'

/** The whole ladder of a session. It may be long: `shortLadder` chooses from it. */
export function ladderOf(session: SessionReport): Ladder {
  const dialogue = dialogueRows(session)
  const dialogueFrames = new Set(dialogue.map(({ frame }) => frame))
  const rows = [...dialogue, ...packetRows(session, dialogueFrames)].sort((a, b) => a.frame - b.frame)
  const proof = new Set(causeOf(session)?.evidence.map(({ frame }) => frame))
  for (const row of rows) row.proof = proof.has(row.frame)
  return { client: session.client.address, middlebox: middleboxOf(session, rows), server: session.server.address, rows }
}
