import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { greet, LOGIN, PASV, secure12, talk12 } from '../diagnose/secured.js'
import { dial } from '../support/ftp-scene.js'
import { atClient, openControl } from '../support/places.js'
import { toPcap } from '../support/pcap-writer.js'
import { clonePacket, Flag, type ScenePacket } from '../support/scene-packet.js'
import { clientFinish12, clientHello12, closeNotify12, line12, serverFlight12 } from '../support/tls12-records.js'
import { duplicateAll, resegment, type Transform } from '../support/transforms.js'
import { cases, check } from './check.js'
import { disorder, randomOf } from './disorder.js'
import { analyzed, essenceOf, OF_SEGMENTS } from './essence.js'

const seeds = fc.integer({ min: 1, max: 1_000_000 })
/** Lengths of the lines of a download with vsftpd: `150 Opening BINARY mode data connection for …`, 226. */
const [RETR, OPENING, COMPLETE] = [15, 68, 24]

/** Login, PASV, RETR and QUIT under TLS 1.2: what each record is must be inferred. */
function download(): { packets: ScenePacket[]; start: number } {
  const place = atClient('')
  const session = openControl(place)
  greet(session)
  secure12(session)
  talk12(session, ...LOGIN, [8, 31], PASV)
  const data = dial(session, 50_005)
  session.control.client(line12(RETR)).server(line12(OPENING))
  data.client(clientHello12({ resumes: true })).server(serverFlight12({ resumed: true }))
  data
    .client(clientFinish12({ resumed: true }))
    .server(line12(1234))
    .server(closeNotify12())
    .close('server')
  session.control.server(line12(COMPLETE))
  talk12(session, [6, 14])
  session.control.close('client')
  return place.scene
}

describe('What is inferred of an FTPS session without keys is the same', () => {
  const { packets, start } = download()
  const read = (changed: ScenePacket[]) => analyzed(toPcap(changed, { start }))
  const inferredOf = (changed: ScenePacket[]) =>
    read(changed).sessions.map(({ inferredExchanges }) =>
      inferredExchanges!.map(({ command, code, bytes, confidence }) => ({ command, code, bytes, confidence })),
    )
  const original = inferredOf(packets)
  const after = (...transforms: Transform[]) => transforms.reduce((all, each) => each(all), packets)

  it('and it names the login and the announcement', () => {
    const said = original[0]!.map(({ command, code }) => command ?? code)
    expect(said).toEqual(expect.arrayContaining(['USER', 331, 'PASS', 230, 'PASV', 227, 'RETR', 150, 226, 'QUIT', 221]))
  })

  it('in segments of any size, each of them twice', () => {
    check(
      fc.property(fc.integer({ min: 1, max: 1400 }), (size) => {
        expect(inferredOf(after(resegment(size), duplicateAll()))).toEqual(original)
      }),
      cases(5, 40),
    )
  })

  it('in any order of packets that are close together', () => {
    const meaning = essenceOf(read(packets), OF_SEGMENTS)
    check(
      fc.property(seeds, (seed) => {
        const changed = after(disorder(2, randomOf(seed)))
        expect(inferredOf(changed)).toEqual(original)
        expect(essenceOf(read(changed), OF_SEGMENTS)).toEqual(meaning)
      }),
      cases(10, 100),
    )
  })

  it('with the SYN of the data connection before the packet with its 227', () => {
    const port = (packet: ScenePacket) => packet.tcp?.destinationPort === 50_005
    const syn = packets.findIndex((packet) => port(packet) && packet.tcp?.flags === Flag.Syn)
    const announcement = packets.findLastIndex((packet, at) => at < syn && packet.payload.length > 0)
    expect(announcement).toBeGreaterThan(0)
    const order = [...packets]
    ;[order[announcement], order[syn]] = [order[syn]!, order[announcement]!]
    const changed = order.map((packet, at) => clonePacket(packet, { time: packets[at]!.time }))
    expect(inferredOf(changed)).toEqual(original)
  })
})
