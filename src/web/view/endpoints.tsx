import { endpointText } from '../../diagnose/words/evidence.js'
import { causeOf } from '../../report/cause.js'
import type { DataChannelReport, FindingReport, SessionReport } from '../../report/contract.js'
import { shortName } from '../../report/place/file-frames.js'
import { streamNumber } from '../../report/place/stream-number.js'
import { partialEndpoint } from '../../report/text/partial-endpoint.js'
import { pasteLines, wiresharkFilter } from '../../report/place/paste.js'
import { bytes, duration } from '../../report/text/units.js'
import { frames, joined } from '../state.js'
import { Copyable } from './copy.js'
import { Scroll } from './scroll.js'

/** Most frames that one filter names. */
const FRAMES = 40

/** What to look up in Wireshark and elsewhere: filters to copy, streams, Community IDs. */
export function Endpoints({ session }: { session: SessionReport }) {
  const { client, server, tcpStream, communityId, control } = session
  return (
    <section aria-labelledby={`endpoints-${session.id}`}>
      <h3 id={`endpoints-${session.id}`}>In Wireshark</h3>
      <dl class="filters-list">
        {filters(session).map(([label, text]) => (
          <div key={text}>
            <dt>{label}</dt>
            <dd>
              <Copyable label={`filter: ${label}`} text={text} />
            </dd>
          </div>
        ))}
      </dl>
      <Scroll label="Connections">
        <table>
          <thead>
            <tr>
              <th>Connection</th>
              <th>From</th>
              <th>To</th>
              <th class="number">tcp.stream</th>
              <th>State</th>
              <th class="number">RTT</th>
              <th class="number">Bytes</th>
              <th class="number">Retransmitted</th>
              <th>Closed by</th>
              <th>Community ID</th>
            </tr>
          </thead>
          <tbody>
            <tr>
              <td>control</td>
              <td>{endpointText(client.address, client.port)}</td>
              <td>{endpointText(server.address, server.port)}</td>
              <td class="number">{streamNumber(session, { tcpStream, synFrame: session.firstFrame }, frames.value)}</td>
              <td>{control.state}</td>
              <td class="number">{control.rttMs === null ? '–' : duration(control.rttMs)}</td>
              <td class="number">–</td>
              <td class="number">{control.retransmissions}</td>
              <td>{control.closedBy}</td>
              <td>
                <code>{communityId}</code>
              </td>
            </tr>
            {session.dataChannels.slice(0, CONNECTIONS).map((channel) => (
              <ChannelRow key={channel.id} channel={channel} session={session} />
            ))}
          </tbody>
        </table>
      </Scroll>
      {session.dataChannels.length > CONNECTIONS && (
        <p class="faint">{session.dataChannels.length - CONNECTIONS} more data connections</p>
      )}
    </section>
  )
}

/** Most data connections that are listed. */
const CONNECTIONS = 100

function ChannelRow({ channel, session }: { channel: DataChannelReport; session: SessionReport }) {
  const { id, verb, mode, from, to, state, connection } = channel
  return (
    <tr>
      <td>
        data {id}, {verb ?? mode}
      </td>
      <td>{partialEndpoint(from)}</td>
      <td>{partialEndpoint(to)}</td>
      <td class="number">{orDash(connection, (each) => streamNumber(session, each, frames.value))}</td>
      <td>{state}</td>
      <td class="number">{orDash(connection?.rttMs, duration)}</td>
      <td class="number">{connection ? bytes(connection.bytes) : '–'}</td>
      <td class="number">{connection?.retransmissions ?? '–'}</td>
      <td>{connection?.closedBy ?? '–'}</td>
      <td>{connection ? <code>{connection.communityId}</code> : '–'}</td>
    </tr>
  )
}

/** A value in words; a dash if it is unknown. */
export function orDash<T>(value: T | null | undefined, words: (value: T) => string): string {
  return value === null || value === undefined ? '–' : words(value)
}

function filters(session: SessionReport): [string, string][] {
  const { client, server } = session
  const cause = causeOf(session)
  const list: [string, string][] = []
  if (frames.value.isSeveral) list.push(...byFile(session, cause))
  else if (cause) {
    list.push(...inShell(session, [cause]))
    list.push(['Connections of the finding', wiresharkFilter(session, [cause])])
    list.push(['Evidence', framesFilter(cause.evidence.map(({ frame }) => frame))])
  } else {
    list.push(...inShell(session, []))
    list.push(['Control connection', `tcp.stream eq ${session.tcpStream}`])
  }
  list.push(['All packets between the two hosts', `${host(client.address)} and ${host(server.address)}`])
  return list
}

function inShell(session: SessionReport, findings: readonly FindingReport[]): [string, string][] {
  const context = { frames: frames.value, joined: joined.value }
  const lines = pasteLines(joined.value.pathOf(session), session, findings, context)
  return lines.map((line) => ['In a shell', line])
}

/** What to paste for each file, and the evidence in it. */
function byFile(session: SessionReport, cause: FindingReport | undefined): [string, string][] {
  const evidence = new Map<string, number[]>()
  for (const { frame } of cause?.evidence ?? []) {
    const local = frames.value.local(frame)
    if (local) evidence.set(local.file, [...(evidence.get(local.file) ?? []), local.frame])
  }
  return [
    ...inShell(session, cause ? [cause] : []),
    ...[...evidence].map(([file, numbers]): [string, string] => [
      `Evidence in ${shortName(file)}`,
      framesFilter(numbers),
    ]),
  ]
}

function framesFilter(numbers: readonly number[]): string {
  return `frame.number in {${[...new Set(numbers)].slice(0, FRAMES).join(', ')}}`
}

function host(address: string): string {
  return address.includes(':') ? `ipv6.addr == ${address}` : `ip.addr == ${address}`
}
