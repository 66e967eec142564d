import { describe, expect, it } from 'vitest'
import { ask, command, dial, type FtpSession, login, pasv, reply, retrieve, store } from '../support/ftp-scene.js'
import { atClient, openControl, type Place } from '../support/places.js'
import { channelOf, transferOf } from './follow.js'

function binary(): { place: Place; session: FtpSession } {
  const place = atClient('')
  const session = openControl(place)
  login(session)
  ask(session, 'TYPE I', session.dialect.typeSet)
  return { place, session }
}

/** RETR over a new data connection that `send` fills, and the replies. */
function fetch(session: FtpSession, send: (data: ReturnType<typeof dial>) => void, final = '226 Transfer complete.') {
  pasv(session, 50_005)
  const data = dial(session, 50_005)
  ask(session, 'RETR a', '150 Opening BINARY mode data connection for a.')
  send(data)
  reply(session, final)
}

describe('a transfer', () => {
  it('counts an upload in the direction of the upload', () => {
    const { place, session } = binary()
    store(session, { data: 5000 })
    expect(transferOf(place.scene)).toMatchObject({
      command: { command: 'STOR', direction: 'upload', path: 'report.bin' },
      bytes: 5000,
      outcome: 'completed',
    })
  })

  it.each([
    ['PASV', 'download', retrieve],
    ['PORT', 'download', retrieve],
    ['PASV', 'upload', store],
    ['PORT', 'upload', store],
  ] as const)('after %s has the bytes of a %s', (verb, direction, run) => {
    const { place, session } = binary()
    run(session, { verb, data: 12_345 })
    expect(transferOf(place.scene)).toMatchObject({ command: { direction }, bytes: 12_345, missingBytes: 0 })
  })

  it('takes its time from the open data connection to the FIN of its sender', () => {
    const { place, session } = binary()
    fetch(session, (data) => {
      place.scene.wait(500)
      data.server(1000)
      place.scene.wait(1000)
      data.server(1000).close('server')
    })
    const { durationMs, bytesPerSecond, bytes } = transferOf(place.scene)
    expect(durationMs).toBeGreaterThan(1500)
    expect(durationMs).toBeLessThan(1700)
    expect(bytesPerSecond).toBeCloseTo((bytes! / durationMs!) * 1000)
  })

  it('is incomplete when fewer bytes came than SIZE stated, though the server sends 226', () => {
    const { place, session } = binary()
    ask(session, 'SIZE a', '213 5000')
    fetch(session, (data) => data.server(3000).close('server'))
    expect(transferOf(place.scene)).toMatchObject({
      command: { expectedBytes: 5000, expectedFrom: 'SIZE' },
      bytes: 3000,
      outcome: 'incomplete',
    })
  })

  it('expects what is left after the restart point', () => {
    const { place, session } = binary()
    ask(session, 'SIZE a', '213 5000')
    ask(session, 'REST 2000', '350 Restart position accepted (2000).')
    fetch(session, (data) => data.server(3000).close('server'))
    expect(transferOf(place.scene)).toMatchObject({
      command: { restartAt: 2000, expectedBytes: 3000 },
      bytes: 3000,
      outcome: 'completed',
    })
  })

  it('counts bytes that the capture missed, and does not call it incomplete for them', () => {
    const { place, session } = binary()
    ask(session, 'SIZE a', '213 6000')
    fetch(session, (data) => data.server(2000).lost('server', 2000).server(2000).close('server'))
    expect(transferOf(place.scene)).toMatchObject({ bytes: 6000, missingBytes: 2000, outcome: 'completed' })
  })

  it('is exact beyond 4 GiB, by sequence numbers', () => {
    const { place, session } = binary()
    const size = 9 * 2 ** 30 + 12_345
    ask(session, 'SIZE a', `213 ${size}`)
    pasv(session, 50_005)
    const data = dial(session, 50_005, { initialSequences: [7, 0xfffffff0] })
    ask(session, 'RETR a', `150 Opening BINARY mode data connection for a (${size} bytes).`)
    const end = data.end('server')
    // One segment of each GiB is enough to show that the sequence numbers have gone round.
    for (let offset = 0; offset < size; offset += 2 ** 30) {
      const payload = Math.min(1000, size - offset)
      data.raw({ from: 'server', sequence: end.sequenceAt(1 + offset), payload })
    }
    data.raw({ from: 'server', sequence: end.sequenceAt(1 + size - 345), payload: 345 })
    data.raw({ from: 'server', sequence: end.sequenceAt(1 + size), flags: 0x11 })
    reply(session, '226 Transfer complete.')
    const transfer = transferOf(place.scene)
    expect(transfer.bytes).toBe(size)
    expect(transfer.outcome).toBe('completed')
    expect(transfer.missingBytes).toBe(size - 9 * 1000 - 1000 - 345)
  })

  it.each([
    ['refused', '550 No such file.', null],
    ['failed', '425 Can not open data connection.', null],
    ['failed', '421 Timeout.', null],
  ])('without a 150 is %s by %j', (outcome, words, bytes) => {
    const { place, session } = binary()
    pasv(session, 50_005)
    ask(session, 'RETR a', words)
    expect(transferOf(place.scene)).toMatchObject({ outcome, bytes })
  })

  it('is unknown while no final reply was seen', () => {
    const { place, session } = binary()
    pasv(session, 50_005)
    const data = dial(session, 50_005)
    ask(session, 'RETR a', '150 Opening BINARY mode data connection.')
    data.server(1000)
    expect(transferOf(place.scene)).toMatchObject({ outcome: 'unknown', bytes: 1000 })
  })

  it('is aborted when the client asked for it', () => {
    const { place, session } = binary()
    fetch(
      session,
      (data) => {
        data.server(1000)
        command(session, 'ABOR')
        data.reset('server')
      },
      '426 Failure writing network stream.\r\n225 ABOR successful.',
    )
    expect(transferOf(place.scene)).toMatchObject({ outcome: 'aborted', command: { abortedBy: { command: 'ABOR' } } })
  })

  it('is aborted when the receiver closes before the sender is done', () => {
    const { place, session } = binary()
    fetch(session, (data) => data.server(1000).reset('client'), '426 Failure writing network stream.')
    expect(transferOf(place.scene).outcome).toBe('aborted')
  })

  it('has failed when the sender gave up in the middle', () => {
    const { place, session } = binary()
    fetch(session, (data) => data.server(1000).close('server'), '451 Read error.')
    expect(transferOf(place.scene).outcome).toBe('failed')
  })
})

describe('a transfer that the server confirms', () => {
  const confirmed = (send: (data: ReturnType<typeof dial>, session: FtpSession) => void) => {
    const { place, session } = binary()
    fetch(session, (data) => {
      send(data, session)
    })
    return transferOf(place.scene).outcome
  }

  it('is incomplete when the receiver resets it afterwards, or before it had all that was sent', () => {
    const { place, session } = binary()
    let late: ReturnType<typeof dial> | undefined
    fetch(session, (data) => (late = data.server(3000)))
    late!.reset('client')
    expect(transferOf(place.scene).outcome).toBe('incomplete')
    expect(confirmed((data) => data.server(3000, { delivered: false }).reset('client'))).toBe('incomplete')
  })

  it('is complete when a RST of the sender ends it after the last byte', () => {
    expect(confirmed((data) => data.server(3000).acknowledge('client').reset('server'))).toBe('completed')
  })

  it('is incomplete when its bytes are retransmitted and never acknowledged', () => {
    const stuck = (repetitions: number) =>
      confirmed((data) => {
        data.server(1000).server(1000, { delivered: false })
        for (let i = 0; i < repetitions; i++) data.retransmit('server', 1, { think: 500, delivered: false })
      })
    expect(stuck(4)).toBe('incomplete')
    expect(stuck(1)).toBe('completed')
  })

  it('is incomplete when the receiver leaves after a silence in which the sender did not finish', () => {
    const left = (silence: number, sent = 1000) =>
      confirmed((data, session) => {
        data.server(sent)
        session.scene.wait(silence)
        data.fin('client')
      })
    expect(left(8000)).toBe('incomplete')
    expect(left(1000)).toBe('completed')
    expect(left(8000, 0)).toBe('incomplete')
  })

  it('is complete when all bytes passed that the server had announced, whoever left first', () => {
    const { place, session } = binary()
    pasv(session, 50_005)
    const data = dial(session, 50_005)
    ask(session, 'RETR a', '150 Opening BINARY mode data connection for a (1000 bytes).')
    data.server(1000)
    place.scene.wait(8000)
    data.fin('client')
    reply(session, '226 Transfer complete.')
    expect(transferOf(place.scene).outcome).toBe('completed')
  })

  it('is complete as far as is known when nothing of the receiver was captured', () => {
    const { place, session } = binary()
    fetch(session, (data) => {
      data.server(1000).reset('server')
    })
    place.scene.drop(({ source, tcp }) => source === place.client.address && tcp?.destinationPort === 50_005)
    const { transfer, connection } = channelOf(place.scene)
    expect(connection!.flows[0].packets).toBe(0)
    expect(transfer!.outcome).toBe('completed')
  })

  it('is aborted when ABOR was the last command', () => {
    const { place, session } = binary()
    pasv(session, 50_005)
    dial(session, 50_005).server(1000)
    command(session, 'RETR a')
    command(session, 'ABOR')
    expect(transferOf(place.scene).outcome).toBe('aborted')
  })
})

describe('the first bytes of a file', () => {
  const binaryOf = (...bytes: number[]) => {
    const { place, session } = binary()
    fetch(session, (data) => data.server(Uint8Array.from(bytes)).close('server'))
    return channelOf(place.scene).head!.binary[1]
  }

  it('with NUL are binary data, unless they begin as UTF-16 does', () => {
    expect(binaryOf(0x41, 0, 0x42, 0)).toBe('binary data')
    expect(binaryOf(0xff, 0xfe, 0x41, 0)).toBeNull()
    expect(binaryOf(0xfe, 0xff, 0, 0x41)).toBeNull()
    expect(binaryOf(0x50, 0x4b, 3, 4, 0)).toBe('ZIP archive')
  })
})
