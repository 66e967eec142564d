import { describe, expect, it } from 'vitest'
import {
  type Answer,
  bestFitting,
  chosenAnswer,
  type Expectation,
  Fit,
  fitOf,
  isCertain,
} from '../../src/correlate/fit.js'
import type { Announcement } from '../../src/ftp/model.js'
import { Connection } from '../../src/tcp/connection.js'
import {
  command,
  dial,
  dialBackInVain,
  dialInVain,
  type FtpSession,
  list,
  listing,
  login,
  pasv,
  port,
  quit,
  reply,
  retrieve,
} from '../support/ftp-scene.js'
import { atClient, atServer, openControl, type Place } from '../support/places.js'
import { channelOf, channelsOf } from './follow.js'

const CLIENT = 1
const SERVER = 2
const PUBLIC = 3
const OTHER = 4

/** PASV with a 227 that names `PUBLIC`, on a control connection to `SERVER`. */
function expected(answers: Answer[] = []): Expectation {
  return {
    announcement: {} as Announcement,
    address: PUBLIC,
    port: 50_005,
    listener: SERVER,
    initiator: CLIENT,
    answers,
  }
}

const ends = (initiator: number, responder: number, responderPort = 50_005) => ({
  initiator,
  initiatorPort: 52_230,
  responder,
  responderPort,
})

function answer(fit: Fit = Fit.Exact, opened = false): Answer {
  const end = (address: string) => ({ address, port: 50_005 })
  const connection = new Connection(0, 4, end('192.168.1.10'), end('203.0.113.20'), { frame: 1, time: 0 })
  connection.midstream = opened
  return { connection, fit }
}

describe('a connection fits an announcement', () => {
  it('best where both hosts are the announced ones, then by its initiator, then by the announced address', () => {
    expect(fitOf(expected(), ends(CLIENT, PUBLIC))).toBe(Fit.Exact)
    expect(fitOf(expected(), ends(CLIENT, SERVER))).toBe(Fit.ControlAddress)
    expect(fitOf(expected(), ends(OTHER, PUBLIC))).toBe(Fit.AddressOnly)
    expect(fitOf(expected(), ends(CLIENT, OTHER))).toBe(Fit.InitiatorOnly)
    expect(fitOf(expected(), ends(OTHER, SERVER))).toBe(Fit.None)
    expect(fitOf(expected(), ends(OTHER, OTHER))).toBe(Fit.None)
    expect(fitOf(expected(), ends(CLIENT, PUBLIC, 50_006))).toBe(Fit.None)
  })

  it('by its initiator alone only as the first one', () => {
    expect(fitOf(expected([answer()]), ends(CLIENT, PUBLIC))).toBe(Fit.Exact)
    expect(fitOf(expected([answer()]), ends(CLIENT, SERVER))).toBe(Fit.ControlAddress)
    expect(fitOf(expected([answer()]), ends(CLIENT, OTHER))).toBe(Fit.None)
  })

  it('no more once 64 others did', () => {
    expect(fitOf(expected(Array.from({ length: 63 }, () => answer())), ends(CLIENT, PUBLIC))).toBe(Fit.Exact)
    expect(fitOf(expected(Array.from({ length: 64 }, () => answer())), ends(CLIENT, PUBLIC))).toBe(Fit.None)
  })

  it('for certain as the first between the very hosts', () => {
    expect(isCertain(expected(), ends(CLIENT, PUBLIC))).toBe(true)
    expect(isCertain(expected(), ends(CLIENT, SERVER))).toBe(false)
    expect(isCertain(expected([answer()]), ends(CLIENT, PUBLIC))).toBe(false)
  })
})

describe('of several announcements', () => {
  const exact = expected()
  const control = { ...expected(), address: OTHER, listener: PUBLIC }
  const addressOnly = { ...expected(), initiator: OTHER }
  const initiatorOnly = { ...expected(), address: OTHER }

  it.each([
    ['exact', [initiatorOnly, control, exact, addressOnly], exact],
    ['to the control address', [control, addressOnly, initiatorOnly], control],
    ['to the announced address', [initiatorOnly, addressOnly, initiatorOnly], addressOnly],
    ['from the expected initiator', [initiatorOnly], initiatorOnly],
  ])('the one is answered that it fits best: %s', (_, expectations, best) => {
    expect(bestFitting(expectations, ends(CLIENT, PUBLIC))).toBe(best)
  })

  it('the one that it fits best is answered, though that had its connection already', () => {
    const used = expected([answer()])
    expect(bestFitting([control, used, control], ends(CLIENT, PUBLIC))).toBe(used)
    expect(bestFitting([used, control], ends(OTHER, SERVER))).toBeNull()
  })

  it('the latest of those that had none goes before one that had its connection', () => {
    const [first, second, used] = [expected(), expected(), expected([answer()])]
    expect(bestFitting([first, second, used], ends(CLIENT, PUBLIC))).toBe(second)
    expect(bestFitting([used, expected([answer()]), first], ends(CLIENT, PUBLIC))).toBe(first)
  })
})

describe('of several connections to an announced port', () => {
  it('the one that opened carries the data, else the last, and that of another host only where no other came', () => {
    const [other, opened, last] = [answer(Fit.AddressOnly, true), answer(Fit.ControlAddress, true), answer()]
    expect(chosenAnswer([])).toBeNull()
    expect(chosenAnswer([other, answer(Fit.AddressOnly)])).toBe(other)
    expect(chosenAnswer([other, answer(), last])).toBe(last)
    expect(chosenAnswer([other, answer(), opened, last])).toBe(opened)
  })
})

function loggedIn(place: Place): FtpSession {
  const session = openControl(place)
  login(session)
  return session
}

describe('a connection is matched', () => {
  it('as translated when the announced address is not the one that the client connects to', () => {
    const place = atClient('')
    const session = loggedIn(place)
    pasv(session, 50_005, '10.0.0.21')
    const translated = place.scene.host('198.18.0.9', { hopLimit: 57 })
    const data = place.scene.connect(place.client, 52_300, translated, 50_005)
    list(session, data)
    expect(channelOf(place.scene)).toMatchObject({
      match: 'translated',
      state: 'established',
      announcement: { address: '10.0.0.21' },
      to: { address: '198.18.0.9', port: 50_005 },
    })
  })

  it('as translated when the public address is announced and the connection arrives at the private one', () => {
    const place = atServer('', { server: '10.0.0.21' })
    const session = loggedIn(place)
    pasv(session, 50_005, '203.0.113.20')
    list(session, dial(session, 50_005))
    expect(channelOf(place.scene)).toMatchObject({ match: 'translated', to: { address: '10.0.0.21' } })
  })

  it('by the control address when the client ignores the private one that is announced', () => {
    const place = atClient('')
    const session = loggedIn(place)
    pasv(session, 50_005, '10.0.0.21')
    list(session, dial(session, 50_005))
    expect(channelOf(place.scene)).toMatchObject({ match: 'control-address', to: { address: '203.0.113.20' } })
  })

  it('with the announced address when the client tries the private one in vain', () => {
    const place = atClient('')
    const session = loggedIn(place)
    pasv(session, 50_005, '10.0.0.21')
    dialInVain(session, 50_005, { target: place.scene.host('10.0.0.21') })
    expect(channelOf(place.scene)).toMatchObject({ match: 'announced', state: 'unanswered' })
  })

  it('though its SYN is captured before the announcement', () => {
    const place = atClient('')
    const session = loggedIn(place)
    retrieve(session, { port: 50_005 })
    place.scene.apply((packets) => {
      const reply = packets.findIndex((packet) => new TextDecoder().decode(packet.payload).startsWith('227'))
      const [late] = packets.splice(reply, 1)
      const syn = packets.findIndex((packet) => packet.tcp?.destinationPort === 50_005)
      late!.time = packets[syn]!.time
      packets.splice(syn + 1, 0, late!)
      return packets
    })
    expect(channelOf(place.scene)).toMatchObject({
      match: 'announced',
      state: 'established',
      transfer: { bytes: 2048 },
    })
  })

  it('once when the announcement is retransmitted', () => {
    const place = atClient('')
    const session = loggedIn(place)
    pasv(session, 50_005)
    session.control.retransmit('server', 1, { think: 220 })
    list(session, dial(session, 50_005))
    expect(channelOf(place.scene)).toMatchObject({ match: 'announced', state: 'established' })
  })

  it('to the first announcement and then to the next, when a port is announced again', () => {
    const place = atClient('')
    const session = loggedIn(place)
    listing(session, { port: 50_005 })
    retrieve(session, { port: 50_005, data: 777 })
    expect(channelsOf(place.scene).map(({ state, transfer }) => [state, transfer?.command.command])).toEqual([
      ['established', 'LIST'],
      ['established', 'RETR'],
    ])
    expect(channelsOf(place.scene)[1]!.transfer!.bytes).toBe(777)
  })

  it('to the latest announcement when the one before was never used', () => {
    const place = atClient('')
    const session = loggedIn(place)
    pasv(session, 50_005)
    pasv(session, 50_005)
    list(session, dial(session, 50_005))
    expect(channelsOf(place.scene).map(({ state }) => state)).toEqual(['not-attempted', 'established'])
  })

  it('to no announcement when it was ignored traffic long before it', () => {
    const place = atClient('')
    const old = place.scene.connect(place.client, 51_000, place.scene.host('10.0.0.21'), 50_005)
    old.client('unrelated')
    place.scene.wait(600_000)
    const session = loggedIn(place)
    pasv(session, 50_005, '10.0.0.21')
    quit(session)
    expect(channelOf(place.scene)).toMatchObject({ state: 'not-attempted', connection: null })
  })
})

describe('another host', () => {
  it('that connects first is listed apart, and the channel is that of the expected client', () => {
    const place = atServer('')
    const session = loggedIn(place)
    pasv(session, 50_005)
    const hijacker = place.scene.host('198.51.100.66', { hopLimit: 44 })
    place.scene.connect(hijacker, 33_333, place.server, 50_005).reset('server')
    list(session, dial(session, 50_005))
    expect(channelOf(place.scene)).toMatchObject({
      from: { address: '198.51.100.7' },
      state: 'established',
      fromOtherHosts: [{ initiator: { address: '198.51.100.66', port: 33_333 } }],
    })
  })

  it('that alone connects is the initiator of the channel', () => {
    const place = atServer('')
    const session = loggedIn(place)
    pasv(session, 50_005)
    const uplink = place.scene.host('198.51.100.8', { hopLimit: 50, machine: place.client })
    const data = place.scene.connect(uplink, 52_229, place.server, 50_005)
    command(session, 'LIST')
    data.close('server')
    reply(session, '425 Security: Bad IP connecting.')
    expect(channelOf(place.scene)).toMatchObject({
      from: { address: '198.51.100.8' },
      state: 'closed-early',
      fromOtherHosts: [],
    })
  })

  it('that an active announcement names is where the server connects to', () => {
    const place = atServer('')
    const session = loggedIn(place)
    port(session, 4444, { address: '198.51.100.99' })
    dialBackInVain(session, 4444, { target: place.scene.host('198.51.100.99'), answer: 'rst' })
    expect(channelOf(place.scene)).toMatchObject({
      match: 'announced',
      state: 'refused',
      to: { address: '198.51.100.99' },
    })
  })
})
