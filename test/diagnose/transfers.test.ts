import { describe, expect, it } from 'vitest'
import type { Session } from '../../src/correlate/model.js'
import { asciiModeDamage } from '../../src/diagnose/rules/ascii-mode-damage.js'
import { packetLoss } from '../../src/diagnose/rules/packet-loss.js'
import { storageFull } from '../../src/diagnose/rules/storage-full.js'
import { transferAborted } from '../../src/diagnose/rules/transfer-aborted.js'
import { transferIncomplete } from '../../src/diagnose/rules/transfer-incomplete.js'
import { transferRefused } from '../../src/diagnose/rules/transfer-refused.js'
import { transferReset } from '../../src/diagnose/rules/transfer-reset.js'
import { transferSlow } from '../../src/diagnose/rules/transfer-slow.js'
import { transferStalled } from '../../src/diagnose/rules/transfer-stalled.js'
import { transferUnconfirmed } from '../../src/diagnose/rules/transfer-unconfirmed.js'
import { zeroWindow } from '../../src/diagnose/rules/zero-window.js'
import type { Flow } from '../../src/tcp/connection.js'
import { ask, command, dial, pasv, quit, reply, retrieve, store, type FtpSession } from '../support/ftp-scene.js'
import { atClient, inLan } from '../support/places.js'
import { observed, played } from './played.js'
import { observe } from './session-builder.js'

/** A download over an open data connection: what follows happens to it. */
const download =
  (play: (data: ReturnType<typeof dial>, session: FtpSession) => void, line = 'RETR big') =>
  (session: FtpSession) => {
    pasv(session, 50_005)
    const data = dial(session, 50_005)
    ask(session, line, '150 Opening BINARY mode data connection for big (900000 bytes).')
    play(data, session)
  }

describe('transfer-slow', () => {
  /** A completed download of 500 kB in ten seconds, with these facts of the sending flow and the taking one. */
  const slow = (change: (flow: Flow, taker: Flow, session: Session) => void, path = {}) => {
    const session = played(atClient('', path), (control) => {
      retrieve(control)
      quit(control)
    })
    const { transfer, connection } = session.channels[0]!
    Object.assign(transfer!, { durationMs: 10_000, bytes: 500_000, bytesPerSecond: 50_000 })
    change(connection!.flows[1], connection!.flows[0], session)
    return observe(transferSlow, session)
  }

  it.each([
    [
      'a late start',
      (flow: Flow, _: Flow, session: Session) => {
        flow.firstData = { frame: 9, time: session.control.last.time + 6e9 }
      },
      /a late start: the first byte came \d\.\d s after the command/,
      'server',
    ],
    [
      'a shut window',
      (_: Flow, taker: Flow) => Object.assign(taker, { firstShut: { frame: 9, time: 1e9 }, shutTime: 4e9 }),
      /the receiver: 192\.168\.1\.10 kept its window shut for 4\.0 s, 40 % of the time/,
      'client',
    ],
    [
      'loss',
      (flow: Flow) =>
        Object.assign(flow, { retransmissions: 9, dataSegments: 300, retransmitted: [{ frame: 9, time: 1e9 }] }),
      /loss: 9 of 300 segments \(3\.0 %\) were sent again, at a round trip of \d+(?:\.\d)? ms/,
      'path',
    ],
    [
      'pauses',
      (flow: Flow) =>
        Object.assign(flow, { pauses: 4, pauseTime: 5e9, longestPause: { frame: 9, time: 1e9, length: 2e9 } }),
      /the sender: 203\.0\.113\.20 paused 4 times for 5\.0 s in all \(50 % of the time\)/,
      'server',
    ],
    [
      'the receive window',
      (flow: Flow, taker: Flow) => Object.assign(flow, { mostInFlight: taker.largestWindow * 2 ** taker.windowScale }),
      /the receive window: 192\.168\.1\.10 offers \d+ kB at most/,
      'client',
    ],
    [
      "the sender's window",
      (flow: Flow) => Object.assign(flow, { mostInFlight: 4096, waitTime: 9e9 }),
      /the sender's window: never more than 4096 bytes on the way, .* allows \d+ kB\/s/,
      'server',
    ],
  ] as const)('names %s as the limiter', (_, change, words, side) => {
    const [found] = slow(change)
    expect(found).toMatchObject({ side, confidence: 'high' })
    expect(found?.message).toMatch(words)
  })

  it('is not sure where nothing in the packets limits it', () => {
    const [found] = slow((flow) => (flow.mostInFlight = 0))
    expect(found).toMatchObject({ side: 'path', confidence: 'low' })
    expect(found?.message).toContain('the capacity of the way')
  })

  it('knows no round trip where no handshake was captured, and leaves it out', () => {
    const [found] = slow((flow, _, session) => {
      Object.assign(flow, { retransmissions: 9, dataSegments: 300, retransmitted: [{ frame: 9, time: 1e9 }] })
      for (const connection of [session.control, session.channels[0]!.connection!]) {
        connection.syns = []
        connection.established = null
      }
    })
    expect(found?.message).toMatch(/\(3\.0 %\) were sent again\.$/)
    const [windowed] = slow((flow, taker, session) => {
      Object.assign(flow, { mostInFlight: taker.largestWindow * 2 ** taker.windowScale, waitTime: 9e9, fin: null })
      for (const connection of [session.control, session.channels[0]!.connection!]) connection.syns = []
    })
    expect(windowed?.confidence).toBe('low')
  })

  it('tells a short round trip in tenths of a millisecond', () => {
    const [found] = slow((flow, _, session) => {
      const { syns, established } = session.channels[0]!.connection!
      established!.time = syns[0]!.time + 0.25e6
      Object.assign(flow, { mostInFlight: 4096, waitTime: 9e9 })
    })
    expect(found?.message).toContain('a round trip of 0.3 ms')
  })

  it('says nothing of a transfer without a byte', () => {
    expect(slow((_, __, session) => (session.channels[0]!.transfer!.bytes = 0))).toEqual([])
  })
})

describe('transfer-stalled', () => {
  const stalled = (play: (data: ReturnType<typeof dial>, session: FtpSession) => void) =>
    observed(transferStalled, atClient(''), download(play))

  it('sees that the receiver no longer reads', () => {
    const [found] = stalled((data, session) => {
      data.server(30_000)
      data.acknowledge('client', { window: 0 })
      session.scene.wait(300_000)
      reply(session, '426 Failure writing network stream.')
      data.reset('server')
    })
    expect(found?.side).toBe('client')
    expect(found?.message).toContain('192.168.1.10 shut its receive window and no longer read')
    expect(found?.message).toContain("(as long as vsftpd's data_connection_timeout, 300 s)")
  })

  it('sees that what was sent last never arrived', () => {
    const [found] = stalled((data, session) => {
      data.server(30_000)
      data.unacknowledged('server', 1448, { attempts: 4 })
      session.scene.wait(30_000)
      reply(session, '426 Failure writing network stream.')
      data.reset('server')
    })
    expect(found?.side).toBe('path')
    expect(found?.message).toContain('sent the next bytes 4 times and no acknowledgment came')
  })

  it('sees a receiver that gives up and gets no answer to its FIN either', () => {
    const [found] = stalled((data, session) => {
      data.server(30_000)
      session.scene.wait(60_000)
      data.unacknowledged('client', '', { fin: true, attempts: 3 })
      reply(session, '426 Failure writing network stream.')
    })
    expect(found?.side).toBe('path')
    expect(found?.message).toContain('and did not answer the FIN either')
    expect(found?.evidence.map(({ note }) => note)).toContain('FIN of 192.168.1.10, not acknowledged')
  })

  it('does not say where it stopped when the other connection is silent, too', () => {
    const [found] = stalled((data, session) => {
      data.server(30_000)
      session.scene.wait(60_000)
      data.fin('client', { delivered: false })
    })
    expect(found?.side).toBe('unknown')
  })

  it('sees a sender that is alive and has nothing to say', () => {
    const [found] = stalled((data, session) => {
      data.server(30_000)
      session.scene.wait(60_000)
      data.fin('client')
      session.scene.wait(100)
      session.control.close('client')
    })
    expect(found?.side).toBe('server')
    expect(found?.message).toContain('though its system still answers')
  })

  it('speaks of a connection on which no byte came, and of small segments as a rival', () => {
    const [found] = stalled((data, session) => {
      session.scene.wait(60_000)
      reply(session, '425 No data.')
      data.reset('server')
    })
    expect(found?.evidence[0].note).toBe('the data connection is open, and no byte comes')
    expect(found?.rivals).toEqual(['path-mtu-blackhole'])
  })

  it('is unsure where the capture ended the silence, and names the size that was expected', () => {
    const [found] = stalled((data, session) => {
      data.server(30_000)
      session.scene.wait(60_000)
      session.control.keepAlive('client')
    })
    expect(found?.confidence).toBe('low')
    expect(found?.message).toMatch(/came to a standstill after 30 kB of 900 kB: .*silence the capture ended/)
  })

  it('warns only where the file came at a later attempt', () => {
    const [found] = stalled((data, session) => {
      data.server(30_000)
      session.scene.wait(60_000)
      reply(session, '426 Data connection timed out.')
      data.reset('server')
      retrieve(session, { path: 'big', port: 50_006 })
      quit(session)
    })
    expect(found).toMatchObject({ severity: 'warning', confidence: 'high' })
  })

  it('names the client that closed the control connection over an upload', () => {
    const [found] = observed(transferStalled, atClient(''), (session) => {
      pasv(session, 50_005)
      const data = dial(session, 50_005)
      ask(session, 'STOR big', '150 Ok to send data.')
      data.client(30_000)
      session.scene.wait(60_000)
      session.control.close('client')
    })
    expect(found?.message).toMatch(/after 30 kB: 192\.168\.1\.10 sent nothing more, .*the client closed the control/)
  })
})

describe('transfer-unconfirmed', () => {
  const unconfirmed = (play: (data: ReturnType<typeof dial>, session: FtpSession) => void, line?: string) =>
    observed(transferUnconfirmed, atClient(''), download(play, line))

  it('blames the server that closes without a reply', () => {
    const [found] = unconfirmed((data, session) => {
      data.server(900_000).close('server')
      session.control.close('server')
    })
    expect(found).toMatchObject({ side: 'server', confidence: 'high' })
    expect(found?.message).toContain('the server closed the control connection')
  })

  it('is surer the longer the silence lasts', () => {
    const after = (wait: number) =>
      unconfirmed((data, session) => {
        data.server(900_000).close('server')
        session.scene.wait(wait)
        session.control.keepAlive('client')
      })[0]
    expect(after(1000)).toBeUndefined()
    expect(after(4000)?.confidence).toBe('medium')
    expect(after(9000)?.confidence).toBe('high')
    expect(after(9000)?.message).toMatch(/the capture ends 9\.\d s later\.$/)
  })

  it('knows that the server is alive where it acknowledges the end of the client', () => {
    const [found] = unconfirmed((data, session) => {
      data.server(900_000).close('server')
      session.scene.wait(5000)
      session.control.close('client')
    })
    expect(found?.side).toBe('server')
    expect(found?.message).toContain('the client closed the control connection')
  })

  it('says nothing of fewer bytes than expected, of a reply that was lost, or of a connection without a word', () => {
    const short = unconfirmed((data, session) => {
      data.server(4000).close('server')
      session.control.close('server')
    })
    const lost = unconfirmed((data, session) => {
      data.server(900_000).close('server')
      session.control.lost('server', '226 Transfer complete.\r\n')
      reply(session, '421 Timeout.', { think: 9000 })
      session.control.close('server')
    })
    const empty = observed(transferUnconfirmed, atClient(''), (session) => {
      pasv(session, 50_005)
      const data = dial(session, 50_005)
      command(session, 'RETR big')
      data.close('server')
      session.control.close('server')
    })
    expect([short, lost, empty]).toEqual([[], [], []])
  })
})

describe('transfer-aborted', () => {
  it('quotes the command as it was sent, with or without an argument', () => {
    for (const [line, quoted] of [
      ['RETR big', '"RETR big"'],
      ['LIST', '"LIST"'],
    ] as const) {
      const [found] = observed(
        transferAborted,
        atClient(''),
        download((data, session) => {
          data.server(4000)
          command(session, 'ABOR')
          data.reset('server')
          reply(session, '426 Failure writing network stream.')
          reply(session, '226 ABOR successful.')
          quit(session)
        }, line),
      )
      expect(found?.message).toBe(`The client aborted ${quoted} after 4000 bytes with ABOR.`)
    }
  })

  it('tells who closed early, and in which direction the file went', () => {
    const [found] = observed(
      transferAborted,
      atClient(''),
      download((data, session) => {
        data.server(4000)
        data.reset('client')
        reply(session, '426 Failure writing network stream.')
        quit(session)
      }),
    )
    expect(found?.message).toContain('before the server had sent everything')
    expect(found?.evidence[0].note).toBe('the client closes the data connection')
  })

  it('says nothing of a RST that another machine sent in the name of the client', () => {
    const found = observed(
      transferAborted,
      atClient(''),
      download((data, session) => {
        data.server(4000)
        data.reset('client', { hopLimit: 250 })
        reply(session, '426 Failure writing network stream.')
        quit(session)
      }),
    )
    expect(found).toEqual([])
  })

  it('speaks of no bytes where no data connection was captured', () => {
    const [found] = observed(transferAborted, atClient(''), (session) => {
      pasv(session, 50_005)
      command(session, 'RETR big')
      ask(session, 'ABOR', '426 Transfer aborted.')
      reply(session, '226 ABOR successful.')
      quit(session)
    })
    expect(found?.message).toBe('The client aborted "RETR big" with ABOR.')
  })
})

describe('transfer-reset', () => {
  it('tells a RST that a box forged by its TTL', () => {
    const [found] = observed(
      transferReset,
      atClient(''),
      download((data, session) => {
        data.server(4000)
        data.reset('server', { hopLimit: 250 })
        session.control.close('client')
      }),
    )
    expect(found).toMatchObject({ side: 'path', confidence: 'high' })
    expect(found?.message).toContain('a box on the way forged it')
  })

  it('is less sure of a RST with the TTL of the host and no word about it', () => {
    const [found] = observed(
      transferReset,
      atClient(''),
      download((data, session) => {
        data.server(4000)
        data.reset('server')
        session.control.close('client')
      }),
    )
    expect(found).toMatchObject({ side: 'server', confidence: 'medium' })
  })

  it('sees a server that closes while the client still sends', () => {
    const [found] = observed(transferReset, atClient(''), (session) => {
      pasv(session, 50_005)
      const data = dial(session, 50_005)
      ask(session, 'STOR big', '150 Ok to send data.')
      data.client(4000)
      data.fin('server')
      data.client(4000)
      data.reset('server')
      reply(session, '426 Failure reading network stream.')
      session.control.close('client')
    })
    expect(found?.side).toBe('server')
    expect(found?.message).toContain('which had closed it while the other side was still sending')
  })

  it('says nothing of a RST behind a complete file, or behind ABOR', () => {
    const complete = download((data, session) => {
      data.server(900_000)
      data.fin('server')
      data.reset('client')
      reply(session, '226 Transfer complete.')
      quit(session)
    })
    const aborted = download((data, session) => {
      data.server(4000)
      command(session, 'ABOR')
      data.reset('client')
      reply(session, '426 Aborted.')
      quit(session)
    })
    for (const play of [complete, aborted]) expect(observed(transferReset, atClient(''), play)).toEqual([])
  })
})

describe('transfer-incomplete', () => {
  it('counts from where REST began, and says what the server said', () => {
    const [found] = observed(transferIncomplete, atClient(''), (session) => {
      ask(session, 'SIZE big', '213 900000')
      ask(session, 'REST 500000', '350 Restart position accepted.')
      download((data, control) => {
        data.server(4000)
        data.close('server')
        reply(control, '451 Local error in processing.')
        control.control.close('client')
      })(session)
    })
    expect(found).toMatchObject({ side: 'server', confidence: 'high' })
    expect(found?.message).toContain('451 Local error')
    expect(found?.remedy?.[0]).toContain('from byte 504000 on with REST')
  })

  it('is unsure where bytes of the file are missing in the capture itself', () => {
    const session = played(
      atClient(''),
      download((data, control) => {
        data.server(4000)
        data.close('server')
        reply(control, '226 Transfer complete.')
        quit(control)
      }),
    )
    expect(observe(transferIncomplete, session)[0]).toMatchObject({ confidence: 'high' })
    session.channels[0]!.transfer!.missingBytes = 1448
    expect(observe(transferIncomplete, session)[0]).toMatchObject({ confidence: 'low' })
  })

  it('says nothing of sizes that TYPE A, MODE B or PROT P change, where no reply came', () => {
    const short = () =>
      played(
        atClient(''),
        download((data, control) => {
          data.server(4000)
          data.close('server')
          control.control.close('client')
        }),
      )
    expect(observe(transferIncomplete, short())).toHaveLength(1)
    for (const facts of [{ representation: 'ascii' }, { mode: 'block' }, { protectedData: true }]) {
      const session = short()
      Object.assign(session.channels[0]!.transfer!.command, facts)
      expect(observe(transferIncomplete, session)).toEqual([])
    }
  })
})

describe('transfer-refused', () => {
  const refused = (answer: string, then: (session: FtpSession) => void = quit) =>
    observed(transferRefused, atClient(''), (session) => {
      pasv(session, 50_005)
      ask(session, 'RETR report.bin', answer)
      then(session)
    })

  it('informs only where the same file came later', () => {
    const [found] = refused('550 Failed to open file.', (session) => {
      retrieve(session, { port: 50_006 })
      quit(session)
    })
    expect(found?.severity).toBe('info')
  })

  it('leaves a 530 to the rule on logins', () => {
    expect(refused('530 Please login with USER and PASS.')).toEqual([])
  })
})

describe('storage-full', () => {
  const upload = (line: string, answer: string, then: (session: FtpSession) => void = quit) =>
    observed(storageFull, atClient(''), (session) => {
      pasv(session, 50_005)
      const data = dial(session, 50_005)
      ask(session, line, '150 Ok to send data.')
      data.client(20_000)
      reply(session, answer)
      data.close('server')
      then(session)
    })

  it('warns only where the same upload worked later', () => {
    const [found] = upload('STOR report.bin', '452 Insufficient storage space.', (session) => {
      store(session, { port: 50_006 })
      quit(session)
    })
    expect(found?.severity).toBe('warning')
    expect(found?.message).toContain('after 20000 bytes: "452 Insufficient storage space." (account alice)')
  })

  it('is unsure of a write that failed without a word of storage', () => {
    const [found] = upload('STOR report.bin', '451 Failure writing to local file.')
    expect(found).toMatchObject({ confidence: 'low', rivals: ['transfer-refused'] })
  })

  it('knows a full disk without a data channel by the reply to MKD or ALLO', () => {
    const [found] = observed(storageFull, atClient(''), (session) => {
      ask(session, 'ALLO 900000', '552 Quota exceeded.')
      quit(session)
    })
    expect(found?.channel).toBeUndefined()
    expect(found?.confidence).toBe('high')
  })
})

describe('packet-loss', () => {
  const lossy = (...retransmissions: number[]) => {
    const session = played(atClient(''), (control) => {
      retransmissions.forEach((_, index) => retrieve(control, { port: 50_005 + index, path: `${index}` }))
      quit(control)
    })
    retransmissions.forEach((count, index) => {
      const flow = session.channels[index]!.connection!.flows[1]
      const retransmitted = Array.from({ length: Math.min(8, count) }, (_, i) => ({
        frame: 90 + 10 * index + i,
        time: 0,
      }))
      Object.assign(flow, { dataSegments: 300, retransmissions: count, retransmitted })
    })
    return session
  }

  it('sums over the data connections of a session and shows the worst of them', () => {
    const [found] = observe(packetLoss, lossy(0, 3, 9))
    expect(found?.message).toContain('12 of 900 data segments (1.3 %)')
    const [worse] = observe(packetLoss, lossy(4, 3, 9))
    expect(worse?.confidence).toBe('high')
    expect(worse?.evidence[0].frame).toBe(110)
  })

  it('is less sure where the capture holds some packets twice, and silent where it holds many', () => {
    const session = lossy(30)
    session.surroundings.duplicateShare = 0.02
    expect(observe(packetLoss, session)[0]).toMatchObject({ confidence: 'medium', rivals: ['capture-duplicates'] })
    session.surroundings.duplicateShare = 0.4
    expect(observe(packetLoss, session)).toEqual([])
  })
})

describe('zero-window', () => {
  const shut = (side: 0 | 1, upload: boolean) => {
    const session = played(inLan(''), (control) => {
      if (upload) store(control)
      else retrieve(control)
      quit(control)
    })
    const { connection } = session.channels[0]!
    Object.assign(connection!.flows[side], { firstShut: { frame: 9, time: 1e9 }, shuts: 2, shutTime: 3e9 })
    return session
  }

  it('names the program that does not read, on the client or on the server', () => {
    const [client] = observe(zeroWindow, shut(0, false))
    expect(client?.side).toBe('client')
    expect(client?.message).toContain(
      '10.1.0.2 shut its receive window 2 times for 3.0 s in all during "RETR report.bin"',
    )
    const [server] = observe(zeroWindow, shut(1, true))
    expect(server?.side).toBe('server')
    expect(server?.remedy?.[0]).toContain('the FTP server')
  })

  it('does not care for the window of a side that gets no payload', () => {
    expect(observe(zeroWindow, shut(1, false))).toEqual([])
  })

  it('tells of a connection without a transfer, too', () => {
    const session = shut(0, false)
    session.channels[0]!.transfer = null
    expect(observe(zeroWindow, session)[0]?.message).toContain('for 3.0 s in all: the program there')
  })
})

describe('ascii-mode-damage', () => {
  const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, ...Array.from({ length: 3992 }, () => 7))
  const text = 'a line of text\r\n'.repeat(250)
  const ascii = (
    path: string,
    data: Uint8Array | string,
    { size = null as number | null, opening = '150 Opening ASCII mode data connection.', type = true } = {},
  ) =>
    observed(asciiModeDamage, atClient(''), (session) => {
      if (type) ask(session, 'TYPE A', '200 Switching to ASCII mode.')
      if (size !== null) ask(session, `SIZE ${path}`, `213 ${size}`)
      pasv(session, 50_005)
      const connection = dial(session, 50_005)
      ask(session, `RETR ${path}`, opening)
      connection.server(data).close('server')
      reply(session, '226 Transfer complete.')
      quit(session)
    })

  it('counts the bytes that were added or removed', () => {
    const [added] = ascii('logo.png', png, { size: 3990 })
    expect(added?.confidence).toBe('high')
    expect(added?.message).toContain('4000 bytes passed where the server has 3990: 10 were added')
    const [removed] = ascii('logo.png', png, { size: 4020 })
    expect(removed?.message).toContain('20 were removed')
  })

  it('informs where as many bytes came as the server has, or where the client never chose a type', () => {
    const [same] = ascii('logo.png', png, { size: 4000 })
    expect(same).toMatchObject({ severity: 'info', confidence: 'medium' })
    expect(same?.message).toContain('so it did not convert')
    const [unchosen] = ascii('logo.png', png, { type: false })
    expect(unchosen?.severity).toBe('info')
    expect(unchosen?.evidence.map(({ note }) => note).join()).not.toContain('TYPE')
  })

  it('is unsure by the name alone, and says nothing where the content is text of the right size', () => {
    const [named] = ascii('backup.zip', text)
    expect(named?.confidence).toBe('low')
    expect(named?.message).toContain('the name says that the file is no text')
    expect(ascii('backup.zip', text, { size: text.length })).toEqual([])
  })

  it('believes a server that says it sends binary', () => {
    expect(ascii('logo.png', png, { opening: '150 Opening BINARY mode data connection.' })).toEqual([])
  })
})
