import { endpointText } from '../../diagnose/words/evidence.js'
import { OUTCOMES } from '../../diagnose/outcome.js'
import { SEVERITIES } from '../../diagnose/rule.js'
import type { Analysis, Outcome, Vantage } from '../../report/contract.js'
import { hiddenDetail } from '../../report/text/transfer-count.js'
import { bytes, count, duration, plural } from '../../report/text/units.js'
import { linkTypeName } from '../../wire/link-types.js'
import { shown } from '../model/shown.js'
import { choice, change, frames } from '../state.js'
import { joinedLine } from '../../report/place/place-words.js'
import { OUTCOME_NAMES } from './outcome.js'
import { Scroll } from './scroll.js'
import { Wire } from './wire.js'

const VANTAGES: Record<Vantage, string> = {
  client: "the client's side",
  server: "the server's side",
  middle: 'between client and server',
  'both-sides-of-nat': 'both sides of a NAT',
  unknown: 'unknown',
}

/** The overall result in one line, and what was captured. */
export function Summary({ analysis }: { analysis: Analysis }) {
  const { summary, capture } = analysis
  const places = joinedLine(analysis)
  return (
    <section class="summary" aria-labelledby="summary">
      <h1 id="summary">{headline(analysis)}</h1>
      {places !== null && (
        <p class="faint">
          <Wire>{places}</Wire>
        </p>
      )}
      {capture.seen && (
        <>
          <h2>What there is instead</h2>
          <ul>
            {capture.seen.map(({ sentence }) => (
              <li key={sentence}>
                <Wire>{sentence}</Wire>
              </li>
            ))}
          </ul>
        </>
      )}
      {summary.sessions > 1 && (
        <ul class="tiles">
          {OUTCOMES.map((outcome) => (
            <Tile key={outcome} outcome={outcome} sessions={summary.outcomes[outcome]} />
          ))}
        </ul>
      )}
      <dl class="facts">
        <Fact name="Transfers">{transfers(summary.transfers)}</Fact>
        <Fact name="Captured">
          {plural(capture.frames, 'frame')}
          {capture.durationMs === null ? '' : ` in ${duration(capture.durationMs)}`}
        </Fact>
        <Fact name="Start">{capture.start === null ? '–' : readable(capture.start)}</Fact>
        <Fact name="Observation point">{places === null ? VANTAGES[summary.vantage] : 'several places'}</Fact>
        <Fact name="Findings">{findings(analysis)}</Fact>
      </dl>
      <Files analysis={analysis} />
      <Exposed analysis={analysis} />
      <OtherActivity analysis={analysis} />
    </section>
  )
}

function headline({ summary }: Analysis): string {
  const { sessions, outcomes } = summary
  if (sessions === 0)
    return summary.leftOut === undefined ? 'No FTP sessions in this capture' : 'No session is as asked for'
  const part = (outcome: Outcome, words: string): string => {
    const number = outcomes[outcome]
    if (sessions === 1) return `The session ${words}`
    return number === sessions
      ? `All ${count(sessions)} sessions ${words}`
      : `${count(number)} of ${count(sessions)} sessions ${words}`
  }
  if (outcomes.failed > 0) return part('failed', 'failed')
  if (outcomes.degraded > 0) return part('degraded', 'worked with problems')
  if (outcomes.undetermined > 0) return part('undetermined', 'cannot be judged from this capture')
  return part('ok', 'worked')
}

function Tile({ outcome, sessions }: { outcome: Outcome; sessions: number }) {
  const chosen = choice.value.outcomes
  const on = chosen.has(outcome)
  const toggle = (): void => {
    const next = new Set(chosen)
    if (!next.delete(outcome)) next.add(outcome)
    change({ outcomes: next })
  }
  return (
    <li>
      <button type="button" class={`tile ${outcome}`} aria-pressed={on} disabled={sessions === 0} onClick={toggle}>
        <strong>{count(sessions)}</strong> {OUTCOME_NAMES[outcome]}
      </button>
    </li>
  )
}

/** "errors in 3 sessions, warnings in 4": sessions with a finding of each severity. */
function findings({ sessions }: Analysis): string {
  const counts = SEVERITIES.map((severity) => {
    const count = sessions.filter((session) => session.findings.some((finding) => finding.severity === severity)).length
    return { severity, count }
  }).filter(({ count }) => count > 0)
  if (counts.length === 0) return 'none'
  if (sessions.length === 1) return counts.map(({ severity }) => SEVERITY_NAMES[severity]).join(', ')
  return counts.map(({ severity, count }) => `${SEVERITY_NAMES[severity]} in ${plural(count, 'session')}`).join(', ')
}

const SEVERITY_NAMES = { error: 'errors', warning: 'warnings', info: 'information' } as const

function Fact({ name, children }: { name: string; children: preact.ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function transfers({ attempted, completed, failed, hidden }: Analysis['summary']['transfers']): string {
  const readable = `${count(completed)} of ${count(attempted)} completed${failed > 0 ? `, ${count(failed)} failed` : ''}`
  const parts = [...(attempted > 0 ? [readable] : []), ...(hidden ? [`under TLS ${hiddenDetail(hidden)}`] : [])]
  return parts.length > 0 ? parts.join('; ') : 'none'
}

/** 2026-03-01 10:00:00 UTC: whole seconds are sufficient here. */
export function readable(time: string): string {
  return `${time.slice(0, 10)} ${time.slice(11, 19)} UTC`
}

/** The users who have to change their passwords. */
function Exposed({ analysis }: { analysis: Analysis }) {
  const users = shown(analysis.summary.credentialsExposed)
  if (users.length === 0) return null
  return (
    <details class="files">
      <summary>{plural(users.length, 'password')} readable in this capture</summary>
      <Scroll label="Passwords">
        <table>
          <thead>
            <tr>
              <th>User</th>
              <th>Server</th>
              <th class="number">Sessions</th>
              <th class="number">First frame</th>
              <th>Accepted</th>
            </tr>
          </thead>
          <tbody>
            {users.map(({ user, server, sessions, firstFrame, accepted }) => (
              <tr key={`${endpointText(server.address, server.port)} ${user}`}>
                <td>
                  <Wire>{user}</Wire>
                </td>
                <td>{endpointText(server.address, server.port)}</td>
                <td class="number">{count(sessions)}</td>
                <td class="number">{frames.value.isSeveral ? frames.value.name(firstFrame) : firstFrame}</td>
                <td>{accepted === null ? 'unknown' : accepted ? 'yes' : 'no'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </details>
  )
}

/** Files and anomalies, collapsed. */
function Files({ analysis }: { analysis: Analysis }) {
  const { files, anomalies } = shown(analysis.capture)
  const incomplete = files.filter(({ complete }) => !complete).length
  return (
    <details class="files">
      <summary>
        {plural(files.length, 'file')}
        {incomplete > 0 && `, ${incomplete} incomplete`}
        {anomalies.length > 0 && `, ${plural(anomalies.length, 'kind')} of anomalies`}
      </summary>
      <Scroll label="Files">
        <table>
          <thead>
            <tr>
              <th>File</th>
              <th>Format</th>
              <th class="number">Frames</th>
              <th class="number">Size</th>
              <th>Link type</th>
              <th>From</th>
              <th>To</th>
            </tr>
          </thead>
          <tbody>
            {files.map((file) => (
              <tr key={file.path}>
                <td>
                  <Wire>{file.path}</Wire>
                  {!file.complete && ' (incomplete)'}
                </td>
                <td>{file.compression === null ? file.format : `${file.format}, ${file.compression}`}</td>
                <td class="number">{count(file.frames)}</td>
                <td class="number">{bytes(file.bytes)}</td>
                <td>{file.linkTypes.map((type) => linkTypeName(type)).join(', ')}</td>
                <td>{file.start === null ? '–' : readable(file.start)}</td>
                <td>{file.end === null ? '–' : readable(file.end)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {anomalies.length > 0 && (
        <ul class="anomalies">
          {anomalies.map(({ kind, count: times, firstFrame, message }) => (
            <li key={kind}>
              <code>{kind}</code> {count(times)}×
              {firstFrame === null
                ? ''
                : `, first in ${frames.value.isSeveral ? frames.value.name(firstFrame) : `frame ${firstFrame}`}`}
              : <Wire>{message}</Wire>
            </li>
          ))}
        </ul>
      )}
    </details>
  )
}

/** Scanners and other protocols on FTP's ports that are listed; the JSON has all. */
const LISTED = 100

/** What FTP's ports saw besides sessions: a line for each scanner, and for each server of another protocol. */
function OtherActivity({ analysis }: { analysis: Analysis }) {
  const { scanners = [], otherTraffic = [] } = analysis
  const all = shown([...scanners, ...otherTraffic])
  if (all.length === 0) return null
  return (
    <details class="files">
      <summary>{`Not counted as sessions: ${[
        ...(scanners.length > 0 ? [`scans and checks by ${plural(scanners.length, 'host')}`] : []),
        ...(otherTraffic.length > 0 ? [`other protocols at ${plural(otherTraffic.length, 'server')}`] : []),
      ].join(', ')}`}</summary>
      <ul>
        {all.slice(0, LISTED).map(({ sentence, firstFrame }) => (
          <li key={sentence}>
            {sentence} (first {frames.value.name(firstFrame)})
          </li>
        ))}
        {all.length > LISTED && <li>{`and ${count(all.length - LISTED)} more`}</li>}
      </ul>
    </details>
  )
}
