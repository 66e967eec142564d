import { describe, expect, it } from 'vitest'
import { connectionLimit } from '../../src/diagnose/rules/control/connection-limit.js'
import { controlUnanswered } from '../../src/diagnose/rules/control/control-unanswered.js'
import { passivePortUnanswered } from '../../src/diagnose/rules/passive/passive-port-unanswered.js'
import { sessionsOf } from '../correlate/follow.js'
import { dialInVain, login, pasv, quit, reply, retrieve } from '../support/ftp-scene.js'
import type { Host, HostOptions } from '../support/host.js'
import { atServer, openControl, type Place } from '../support/places.js'
import { observe } from './observe.js'
import { saysOfLast } from './played.js'

const ADDRESS = '198.51.100.7'
const AHEAD = 900_000_000
const BEHIND = 40_000

/** Two hosts that share the address of their NAT, each with its own clock. */
function shared(options: HostOptions = {}): { place: Place; ahead: Host; behind: Host } {
  const place = atServer('')
  const look = { hopLimit: 50, distance: 14, ...options }
  const ahead = place.scene.host(ADDRESS, { ...look, timestampBase: AHEAD })
  const behind = place.scene.host(ADDRESS, { ...look, timestampBase: BEHIND })
  return { place, ahead, behind }
}

let nextPort = 41_000

/** A session of one of the hosts. */
function visit(place: Place, client: Host, server = place.server): void {
  const session = openControl({ ...place, client, server }, { clientPort: nextPort++ })
  login(session)
  quit(session)
}

function inVain({ scene, server }: Place, client: Host): void {
  scene.syn(client, nextPort++, server, 21, { attempts: 4 })
}

describe('SYNs whose TCP timestamp is older than that of another host at the same address', () => {
  it('are named as dropped by a server that compares timestamps by address', () => {
    const { place, ahead, behind } = shared()
    visit(place, ahead)
    place.scene.wait(5000)
    inVain(place, behind)
    const [found] = saysOfLast(controlUnanswered, place)
    expect(found).toMatchObject({
      title: 'SYN with an older TCP timestamp is dropped',
      side: 'server',
      confidence: 'medium',
      fact: { kind: 'older-timestamp', timestamps: { answeredFrame: 1, answeredMeanwhile: false } },
    })
    const { value, answeredValue, frame } = found!.fact.timestamps!
    expect(value).toBeLessThan(answeredValue)
    expect(found?.message).toContain(`TSval ${value}`)
    expect(found?.evidence.at(-1)).toEqual({ frame, note: `unanswered SYN with TSval ${value}` })
    expect(found?.remedy[0]).toContain('net.ipv4.tcp_tw_recycle=0')
  })

  it('are sure where the other host was answered meanwhile', () => {
    const { place, ahead, behind } = shared()
    visit(place, ahead)
    place.scene.meanwhile(() => {
      inVain(place, behind)
    })
    place.scene.wait(8000)
    visit(place, ahead)
    const session = sessionsOf(place.scene).find(({ control }) => control.synAckAttempts === 0)!
    expect(observe(controlUnanswered, session)).toMatchObject([
      { confidence: 'high', fact: { kind: 'older-timestamp', timestamps: { answeredMeanwhile: true } } },
    ])
  })

  it('are compared as numbers that wrap around', () => {
    const { place, ahead } = shared()
    const wrapped = place.scene.host(ADDRESS, { hopLimit: 50, distance: 14, timestampBase: 2 ** 32 - 900_000_000 })
    visit(place, ahead)
    inVain(place, wrapped)
    expect(saysOfLast(controlUnanswered, place)[0]?.fact.kind).toBe('older-timestamp')
  })

  it.each<[string, (place: Place, ahead: Host, behind: Host) => void]>([
    [
      'a newer timestamp goes unanswered, too',
      (place, ahead, behind) => {
        visit(place, ahead)
        inVain(place, ahead)
        inVain(place, behind)
      },
    ],
    [
      'the other connection ended more than a minute before',
      (place, ahead, behind) => {
        visit(place, ahead)
        place.scene.wait(61_000)
        inVain(place, behind)
      },
    ],
    [
      'the server answered an older timestamp before',
      (place, ahead, behind) => {
        visit(place, ahead)
        place.scene.wait(1000)
        visit(place, behind)
        place.scene.wait(1000)
        inVain(place, behind)
      },
    ],
    [
      'the timestamp is newer',
      (place, ahead, behind) => {
        visit(place, behind)
        inVain(place, ahead)
      },
    ],
    [
      'the server sends no timestamps',
      (place, ahead, behind) => {
        visit(place, ahead, place.scene.host(place.server.address, { timestamps: false }))
        inVain(place, behind)
      },
    ],
  ])('are no reason where %s', (_, play) => {
    const { place, ahead, behind } = shared()
    play(place, ahead, behind)
    expect(saysOfLast(controlUnanswered, place)[0]?.fact).toMatchObject({ kind: 'unanswered', timestamps: null })
  })

  it('are not taken for a limit of connections', () => {
    const { place, ahead, behind } = shared()
    visit(place, ahead)
    for (let count = 0; count < 2; count++) login(openControl({ ...place, client: ahead }, { clientPort: nextPort++ }))
    inVain(place, behind)
    expect(saysOfLast(connectionLimit, place)).toEqual([])
    expect(saysOfLast(controlUnanswered, place)[0]?.fact.kind).toBe('older-timestamp')
  })

  it('are the reason for a passive port that does not answer', () => {
    const { place, ahead, behind } = shared()
    const session = openControl({ ...place, client: behind }, { clientPort: nextPort++ })
    login(session)
    const other = openControl({ ...place, client: ahead }, { clientPort: nextPort++ })
    login(other)
    retrieve(other, { port: 50_001 })
    quit(other)
    pasv(session, 50_005)
    dialInVain(session, 50_005, { attempts: 4 })
    reply(session, '425 Failed to establish connection.', { think: 29_000 })
    const own = sessionsOf(place.scene).find(({ channels }) => channels[0]?.to.port === 50_005)!
    const [found] = observe(passivePortUnanswered, own)
    expect(found).toMatchObject({
      side: 'server',
      fact: { kind: 'silent' },
    })
    expect(found?.message).toContain('tcp_tw_recycle')
    expect(found?.remedy[0]).toContain('net.ipv4.tcp_tw_recycle=0')
  })
})
