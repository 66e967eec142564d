/** Sanitized copies, made as the command line makes them, and what of an analysis must be the same in both. */
import type { Analysis, FindingReport, SessionReport } from '../../../src/index.js'
import { addRoles, type Roles } from '../../../src/slice/sanitize/roles.js'
import { type SanitizeOptions, Sanitizer } from '../../../src/slice/sanitize/sanitizer.js'
import { analyzedBytes, copied, type Cut } from '../copies.js'

export const KEY = new TextEncoder().encode('a key that only this test knows')

export function sanitized(
  files: readonly Uint8Array[],
  { cut, ...options }: Partial<SanitizeOptions> & { cut?: Cut } = {},
): { copy: Uint8Array; analysis: Analysis; sanitizer: Sanitizer } {
  const roles: Roles = new Map()
  const analysis = analyzedBytes(files, {
    judged: (session) => {
      addRoles(roles, session)
    },
  })
  const sanitizer = new Sanitizer(roles, {
    key: KEY,
    ftpOnly: false,
    keepCertificates: false,
    comment: 'sanitized',
    ports: new Set([21, 990, 2121]),
    ...options,
  })
  copied(sanitizer.collect, files, cut)
  sanitizer.beginCopy()
  return { copy: copied(sanitizer, files, cut), analysis, sanitizer }
}

/** What is the same in a sanitized copy: all but addresses, words and names. */
export function judgementOf({ sessions, findings, summary }: Analysis) {
  return {
    sessions: sessions.map(sessionJudgement),
    findings: findings.map(findingJudgement),
    outcomes: summary.outcomes,
  }
}

function sessionJudgement(session: SessionReport) {
  const { firstFrame, verdict, login, security, control, client, server } = session
  return {
    firstFrame,
    ports: [client.port, server.port],
    outcome: verdict.outcome,
    cause: verdict.cause,
    login,
    security,
    state: control.state,
    exchanges: session.exchanges.map(({ command, frame, replies }) => [
      frame,
      command === '***' ? null : command,
      replies.map(({ code, frame: at }) => [code, at]),
    ]),
    channels: session.dataChannels.map(
      ({ mode, verb, from, to, state, match, connection, transfer, announcement }) => ({
        mode,
        verb,
        ports: [from.port, to.port, announcement?.port],
        state,
        match,
        bytes: connection?.bytes ?? null,
        transfer: transfer && [
          transfer.command,
          transfer.direction,
          transfer.restartAt,
          transfer.bytes,
          transfer.expectedBytes,
          transfer.outcome,
          transfer.reply?.code,
        ],
      }),
    ),
    findings: session.findings.map(findingJudgement),
  }
}

function findingJudgement({ id, severity, confidence, side, rivals, dataChannel, evidence }: FindingReport) {
  return { id, severity, confidence, side, rivals, dataChannel, frames: evidence.map(({ frame }) => frame) }
}
