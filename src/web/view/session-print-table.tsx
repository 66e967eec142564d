import { endpointText } from '../../diagnose/words/evidence.js'
import { OUTCOMES } from '../../diagnose/outcome.js'
import type { SessionReport } from '../../report/contract.js'
import { transferCell } from '../../report/text/transfer-count.js'
import { plural } from '../../report/text/units.js'
import { shownCause, shownInList } from '../model/shown.js'
import { joined } from '../state.js'
import { OutcomeBadge } from './outcome.js'
import { Wire } from './wire.js'

/** Most rows that are printed. */
const MOST = 200

/** The list in print: a plain table; if there are too many sessions, those that did not work come first. */
export function SessionPrintTable({ sessions }: { sessions: readonly SessionReport[] }) {
  const rank = ({ verdict }: SessionReport): number => OUTCOMES.indexOf(verdict.outcome)
  const rows = sessions.length <= MOST ? sessions : [...sessions].sort((a, b) => rank(a) - rank(b)).slice(0, MOST)
  return (
    <>
      <table class="sessions">
        <thead>
          <tr>
            <th class="number">#</th>
            <th>Result</th>
            <th>Client</th>
            <th>Server</th>
            <th>User</th>
            <th class="number">Transfers</th>
            <th>Cause</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((session) => {
            const { id, verdict, client, server, user, transfers } = shownInList(session)
            return (
              <tr key={id}>
                <td class="number">{joined.value.idsOf(session).join(', ')}</td>
                <td>
                  <OutcomeBadge outcome={verdict.outcome} />
                </td>
                <td>{endpointText(client.address, client.port)}</td>
                <td>{endpointText(server.address, server.port)}</td>
                <td>
                  <Wire>{user}</Wire>
                </td>
                <td class="number">{transferCell(transfers, '–')}</td>
                <td>{shownCause(session)}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
      {rows.length < sessions.length && <p class="faint">{plural(sessions.length - rows.length, 'more session')}</p>}
    </>
  )
}
