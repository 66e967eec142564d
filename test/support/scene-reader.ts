import { addressText } from '../../src/wire/address.js'
import { Protocol, type ScenePacket, type TcpFields, type TcpOptions } from './scene-packet.js'
import { readPcap } from '../lab/derive/pcap.js'

const ETHERNET = 1
const ETHERNET_HEADER = 14

/** The IP packets of a captured file as values, for transforms; `null` if frames are not Ethernet, or truncated. */
export function readScene(pcap: Uint8Array): { packets: ScenePacket[]; start: number } | null {
  const capture = readPcap(pcap)
  if (capture.linkType !== ETHERNET) return null
  const start = capture.packets[0]!.time / 1_000_000n
  const packets: ScenePacket[] = []
  for (const { data, time, originalLength } of capture.packets) {
    if (data.length !== originalLength) return null
    const packet = readIp(data, Number(time - start * 1_000_000n))
    if (packet === 'other') return null
    if (packet) packets.push(packet)
  }
  return { packets, start: Number(start) }
}

/** `null` for what is not IP (ARP), which the analysis ignores; 'other' for what scenes cannot represent. */
function readIp(data: Uint8Array, time: number): ScenePacket | null | 'other' {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  const type = view.getUint16(12)
  if (type !== 0x0800 && type !== 0x86dd) return type === 0x8100 ? 'other' : null
  const at = ETHERNET_HEADER
  const version = type === 0x0800 ? 4 : 6
  const header = version === 4 ? (data[at]! & 15) * 4 : 40
  const end = at + (version === 4 ? view.getUint16(at + 2) : 40 + view.getUint16(at + 4))
  const protocol = data[at + (version === 4 ? 9 : 6)]!
  if (header !== (version === 4 ? 20 : 40) || end > data.length || protocol === 0 || protocol === 44) return 'other'
  const addresses = at + (version === 4 ? 12 : 8)
  const fragment = version === 4 ? view.getUint16(at + 6) : 0
  const body = data.slice(at + header, end)
  const whole = (fragment & 0x3fff) === 0
  const tcp = protocol === Protocol.Tcp && whole ? readTcp(body) : null
  return {
    time,
    source: addressText(data, addresses, version),
    destination: addressText(data, addresses + (version === 4 ? 4 : 16), version),
    hopLimit: data[at + (version === 4 ? 8 : 7)]!,
    identification: version === 4 ? view.getUint16(at + 4) : 0,
    dontFragment: (fragment & 0x4000) !== 0,
    moreFragments: (fragment & 0x2000) !== 0,
    fragmentOffset: (fragment & 0x1fff) * 8,
    protocol,
    tcp: tcp?.fields ?? null,
    payload: tcp?.payload ?? body,
    vlans: [],
  }
}

function readTcp(body: Uint8Array): { fields: TcpFields; payload: Uint8Array } {
  const view = new DataView(body.buffer)
  const header = (body[12]! >> 4) * 4
  const fields: TcpFields = {
    sourcePort: view.getUint16(0),
    destinationPort: view.getUint16(2),
    sequence: view.getUint32(4),
    acknowledgment: view.getUint32(8),
    flags: body[13]!,
    window: view.getUint16(14),
    urgentPointer: view.getUint16(18),
    options: readOptions(view, header),
    checksumError: 0,
  }
  return { fields, payload: body.slice(header) }
}

function readOptions(view: DataView, end: number): TcpOptions {
  const options: TcpOptions = {}
  for (let at = 20; at < end;) {
    const kind = view.getUint8(at)
    if (kind === 0) break
    if (kind === 2) options.maximumSegmentSize = view.getUint16(at + 2)
    else if (kind === 3) options.windowScale = view.getUint8(at + 2)
    else if (kind === 4) options.sackPermitted = true
    else if (kind === 8) options.timestamps = { value: view.getUint32(at + 2), echo: view.getUint32(at + 6) }
    at += kind === 1 ? 1 : view.getUint8(at + 1)
  }
  return options
}
