import { endpointWords } from '../../diagnose/words/ends.js'
import type { SessionPathReport, SessionPlaceReport } from '../contract.js'
import { count, duration, plural } from '../text/units.js'
import { shortName } from './file-frames.js'

const WHERE: Record<SessionPlaceReport['at'], string> = {
  client: ', at the client',
  server: ', at the server',
  middle: ', on the way',
  unknown: '',
}

/** "server.pcap, at the server: session 2, from 10.0.0.2:1234 to …, #1 (#61 of the input), tcp.stream 3 (5 …); …" */
export function placeWords(place: SessionPlaceReport): string {
  const { file, at, session, client, server, firstFrame, localFirstFrame, tcpStream, localTcpStream } = place
  const facts = [
    session === null ? 'nothing of the control connection' : `session ${session}`,
    client && server ? `${endpointWords(client)} → ${endpointWords(server)}` : null,
    firstFrame === null ? null : `from ${beside('#', localFirstFrame, firstFrame)}`,
    tcpStream === null ? null : `tcp.stream ${beside('', localTcpStream, tcpStream)}`,
    clockWords(place),
  ]
  return `${file}${WHERE[at]}: ${facts.filter((fact) => fact !== null).join(', ')}`
}

/** A number in its own file, and beside it the one in the whole input. */
function beside(mark: string, local: number | null, whole: number): string {
  if (local === null) return `${mark}${whole} of the input`
  return local === whole ? `${mark}${local}` : `${mark}${local} (${mark}${whole} of the input)`
}

function clockWords({ clockOffsetMs, clockUncertaintyMs }: SessionPlaceReport): string | null {
  if (clockOffsetMs === null || (clockOffsetMs === 0 && (clockUncertaintyMs ?? 0) === 0)) return null
  if (clockUncertaintyMs !== null && Math.abs(clockOffsetMs) <= clockUncertaintyMs) {
    return `clock agrees within ± ${duration(clockUncertaintyMs)}`
  }
  const way = clockOffsetMs < 0 ? 'behind' : 'ahead'
  const sure = clockUncertaintyMs === null ? '' : ` ± ${duration(clockUncertaintyMs)}`
  return `clock ${duration(Math.abs(clockOffsetMs))} ${way}${sure}`
}

/** How many packets arrived, and how many did not. */
export function countWords({ arrived, lost, changed, injected, onlyHere }: SessionPathReport['counts']): string {
  const parts = [
    arrived > 0 ? `${plural(arrived, 'packet')} arrived unchanged` : '',
    lost > 0 ? `${count(lost)} lost` : '',
    changed > 0 ? `${count(changed)} changed` : '',
    injected > 0 ? `${count(injected)} injected` : '',
    onlyHere > 0 ? `${count(onlyHere)} in one capture only` : '',
  ]
  const known = parts.filter((part) => part !== '')
  return known.length > 0 ? known.join(', ') : 'each in one capture only'
}

/** "2 sessions were captured at several places, and each counts once: client.pcap, server.pcap" */
export function joinedLine({ paths = [] }: { paths?: readonly SessionPathReport[] }): string | null {
  if (paths.length === 0) return null
  const files = [...new Set(paths.flatMap(({ places }) => places.map(({ file }) => file)))]
  const named = files.slice(0, NAMED_FILES).map(shortName)
  const more = files.length > NAMED_FILES ? ` and ${plural(files.length - NAMED_FILES, 'more place')}` : ''
  const what = paths.length === 1 ? '1 session was' : `${count(paths.length)} sessions were`
  return `${what} captured at several places, and ${paths.length === 1 ? 'counts' : 'each counts'} once: ${named.join(', ')}${more}`
}

const NAMED_FILES = 6
