import type { DataChannelReport, SessionReport } from '../../report/contract.js'
import { partialEndpoint } from '../../report/text/partial-endpoint.js'
import { transferName } from '../../report/text/transfer-lines.js'
import { hiddenDetail } from '../../report/text/transfer-count.js'
import { bytes, count, duration } from '../../report/text/units.js'
import { rowNumbers } from '../model/row-numbers.js'
import { frames } from '../state.js'
import { orDash } from './endpoints.js'
import { RatePlot } from './rate-plot.js'
import { readable } from './summary.js'
import { Scroll } from './scroll.js'
import { Wire } from './wire.js'

/** Most rows of the table, and most plots below it. */
const ROWS = 200
const PLOTS = 12

/** Completed and attempted transfers, with each data connection's rate over time. */
export function Transfers({ session }: { session: SessionReport }) {
  const channels = session.dataChannels
  const { hidden } = session.transfers
  const { number } = rowNumbers(session, frames.value)
  if (channels.length === 0) return null
  const plotted = channels.filter(({ connection }) => (connection?.rate?.bytes.length ?? 0) > 1)
  return (
    <section aria-labelledby={`transfers-${session.id}`}>
      <h3 id={`transfers-${session.id}`}>
        Transfers and data connections <span class="faint">{count(channels.length)}</span>
      </h3>
      {hidden && <p>Under TLS, {hiddenDetail(hidden)}.</p>}
      <Scroll label="Transfers">
        <table>
          <thead>
            <tr>
              <th class="number">#</th>
              <th>Start</th>
              <th>Command</th>
              <th>Announced</th>
              <th>Connection</th>
              <th>State</th>
              <th>Outcome</th>
              <th class="number">Bytes</th>
              <th class="number">Time</th>
              <th class="number">Rate</th>
              <th>Reply</th>
            </tr>
          </thead>
          <tbody>
            {channels.slice(0, ROWS).map((channel) => (
              <Row key={channel.id} channel={channel} number={number} />
            ))}
          </tbody>
        </table>
      </Scroll>
      {channels.length > ROWS && <p class="faint">{count(channels.length - ROWS)} more</p>}
      <div class="plots">
        {plotted.slice(0, PLOTS).map((channel) => (
          <RatePlot key={channel.id} channel={channel} />
        ))}
      </div>
    </section>
  )
}

function Row({ channel, number }: { channel: DataChannelReport; number: (frame: number) => number }) {
  const { id, verb, mode, announcement, from, to, state, match, transfer } = channel
  return (
    <tr>
      <td class="number">{id}</td>
      <td>{orDash(transfer?.start, (start) => readable(start).slice(11))}</td>
      <td>
        {transfer ? (
          <code>
            <Wire>{transferName(transfer)}</Wire>
          </code>
        ) : (
          '–'
        )}
      </td>
      <td>
        {verb ?? mode}
        {announcement && <span class="frames"> #{number(announcement.frame)}</span>}
      </td>
      <td>
        {partialEndpoint(from)} <span aria-label="to">→</span> {partialEndpoint(to)}
        {match === 'translated' && ' (translated)'}
        {match === 'control-address' && ' (at the control address)'}
      </td>
      <td class={BAD_STATES.has(state) ? 'bad' : ''}>{state}</td>
      <td class={transfer && BAD_OUTCOMES.has(transfer.outcome) ? 'bad' : ''}>{transfer?.outcome ?? '–'}</td>
      <td class="number">{orDash(transfer?.bytes, (got) => sizes(got, transfer?.expectedBytes ?? null))}</td>
      <td class="number">{orDash(transfer?.durationMs, duration)}</td>
      <td class="number">{orDash(transfer?.bytesPerSecond, (rate) => `${bytes(Math.round(rate))}/s`)}</td>
      <td>{transfer?.reply ? <Wire>{`${transfer.reply.code} ${transfer.reply.text}`}</Wire> : '–'}</td>
    </tr>
  )
}

const BAD_STATES: ReadonlySet<string> = new Set(['refused', 'unanswered', 'unreachable', 'rejected', 'closed-early'])
const BAD_OUTCOMES: ReadonlySet<string> = new Set(['failed', 'incomplete', 'aborted'])

function sizes(got: number, expected: number | null): string {
  return expected === null || expected === got ? bytes(got) : `${bytes(got)} of ${bytes(expected)}`
}
