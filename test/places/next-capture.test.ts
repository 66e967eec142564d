import { describe, expect, it } from 'vitest'
import type { SplitPlace } from '../paths/split.js'
import { dialInVain, login, pasv, quit } from '../support/ftp-scene.js'
import { atServer, openControl } from '../support/places.js'
import type { ScenePacket } from '../support/scene-packet.js'
import { analyzePlaces } from './joined.js'

const CLIENT = '198.51.100.7'
const PORT = 50_005

const isOfData = ({ tcp }: ScenePacket): boolean => tcp?.destinationPort === PORT

/** Remedies of a session whose data SYNs leave the client and do not come to the server. */
function remedies(hops: number, middle: SplitPlace[] = []): string[] {
  const { scene, client, server } = atServer('')
  const session = openControl({ scene, client, server })
  login(session)
  pasv(session, PORT)
  dialInVain(session, PORT)
  quit(session)
  const places: SplitPlace[] = [
    { name: 'client.pcap', away: -13.9, hops: -hops },
    ...middle,
    { name: 'server.pcap', away: 0, hops: 0, change: (packet) => (isOfData(packet) ? [] : [packet]) },
  ]
  const { sessions, paths } = analyzePlaces(scene.packets, CLIENT, places)
  expect(paths![0]!.verdict).toMatchObject({ cause: 'passive-port-unanswered', settledBy: null })
  return sessions[0]!.findings.find(({ id }) => id === 'passive-port-unanswered')!.remedy
}

const NEXT = /^to find which device: /u

describe('A suggestion where to capture next', () => {
  it('names the two places between which several routers lie', () => {
    expect(remedies(14).find((line) => NEXT.test(line))).toBe(
      'to find which device: 14 routers lie between client.pcap and server.pcap; capture between two of them as well, ' +
        'and give all captures together',
    )
  })

  it('names the neighbors of the place in question where more were given', () => {
    const middle: SplitPlace = { name: 'middle.pcap', away: -5, hops: -4 }
    expect(remedies(14, [middle]).find((line) => NEXT.test(line))).toContain(
      '4 routers lie between middle.pcap and server.pcap;',
    )
  })

  it('is absent where at most one device lies between', () => {
    expect(remedies(1).filter((line) => NEXT.test(line))).toEqual([])
    const middle: SplitPlace = { name: 'middle.pcap', away: -1, hops: -1 }
    expect(remedies(14, [middle]).filter((line) => NEXT.test(line))).toEqual([])
  })
})
