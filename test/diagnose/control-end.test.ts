import { observe } from './observe.js'
import { describe, expect, it } from 'vitest'
import { commandUnanswered } from '../../src/diagnose/rules/control/command-unanswered.js'
import { controlIdleDropped } from '../../src/diagnose/rules/control/control-idle-dropped.js'
import { controlReset } from '../../src/diagnose/rules/control/control-reset.js'
import { idleTimeout } from '../../src/diagnose/rules/control/idle-timeout.js'
import { Direction } from '../../src/tcp/connection.js'
import { SessionBuilder } from './session-builder.js'

const { FromInitiator: FromClient, FromResponder: FromServer } = Direction
const open = () => new SessionBuilder().handshake().login()

describe('control-reset', () => {
  it('blames the client program for a RST of its own while a command is open', () => {
    const [found] = observe(controlReset, open().command(1, 'CWD /mnt').reset(FromClient, 8).judged())
    expect(found).toMatchObject({ side: 'client', confidence: 'medium' })
    expect(found?.remedy?.[0]).toContain('the log of the client program')
  })

  it('speaks of an idle timer where a long silence went before', () => {
    const [found] = observe(controlReset, open().reset(FromServer, 301).judged())
    expect(found?.message).toContain('It came after 301 s of silence')
    expect(found?.rivals).toEqual(['control-idle-dropped', 'idle-timeout'])
  })

  it('is unsure where no other packet of the host was captured to compare', () => {
    const builder = new SessionBuilder({ midstream: true })
      .command(1, 'CWD /mnt')
      .reset(FromServer, 1.1, { answersSyn: false })
    builder.control.flows[FromServer].end = 10
    const [found] = observe(controlReset, builder.judged())
    expect(found?.confidence).toBe('low')
    expect(found?.message).toContain('no other packet of that host was captured to compare')
    expect(found?.evidence.map(({ note }) => note).join()).not.toContain('packet of the same host')
  })

  it('compares with a packet of data where the handshake was not captured', () => {
    const builder = new SessionBuilder({ midstream: true }).command(1, 'NOOP').reply(1.1, '200 Ok.')
    const [found] = observe(
      controlReset,
      builder.command(2, 'CWD /mnt').reset(FromServer, 2.1, { answersSyn: false }).judged(),
    )
    expect(found?.evidence[1]).toEqual({ frame: 2, note: 'packet of the same host with TTL 57' })
  })

  it('names the announcement of a service port, or a command sent too early, before the RST', () => {
    const low = open().command(1, 'PORT 192,168,1,10,0,25').reply(1.01, '200 Ok.').announces('192.168.1.10', 25)
    low.dialogue.announcements.push(low.session.channels[0]!.announcement!)
    const [announced] = observe(controlReset, low.reset(FromServer, 1.02, { hopLimit: 254 }).judged())
    expect(announced?.message).toContain('an announcement of port 25, which strict FTP inspection answers this way')
    const early = open().command(1, 'CWD a').command(1.001, 'CWD b')
    const [first, second] = early.dialogue.exchanges.slice(-2)
    early.reply(1.01, '250 Ok.')
    first!.replies.push(...second!.replies.splice(0))
    const [pipelined] = observe(controlReset, early.reset(FromServer, 1.02, { hopLimit: 254 }).judged())
    expect(pipelined?.message).toContain('a command sent before the reply to the one before it')
  })

  it('says nothing of a RST behind the farewell of TLS', () => {
    for (const [level, description] of [
      [null, null],
      [1, 0],
    ] as const) {
      const builder = open().command(1, 'CWD a')
      const tls = { clientHello: null, serverHello: null, records: [], established: true }
      const alerts = [{ frame: 1, time: 0, direction: FromServer, level, description }]
      builder.dialogue.tls = { ...tls, alerts }
      expect(observe(controlReset, builder.reset(FromServer, 1.1, { hopLimit: 254 }).judged())).toEqual([])
      builder.dialogue.tls.alerts[0]!.level = 2
      builder.dialogue.tls.alerts[0]!.description = 40
      expect(observe(controlReset, builder.judged())).toHaveLength(1)
    }
  })
})

describe('control-idle-dropped', () => {
  const running = () => open().command(1, 'RETR feed.log').reply(1.1, '150 Opening.')
  const silent = (until = 1201) => running().data(1.05, until, 2000, 'unknown')

  it('is less sure after keep-alives, and where the host itself may have sent the RST', () => {
    const dropped = () => silent().command(1210, 'NOOP', { acknowledged: false })
    const [own] = observe(controlIdleDropped, dropped().reset(FromServer, 1210.1).judged())
    expect(own).toMatchObject({ confidence: 'medium', side: 'path' })
    expect(own?.message).toMatch(/was answered by RST in the name of 203\.0\.113\.20\. Something/)
    const kept = dropped().reset(FromServer, 1210.1)
    kept.control.flows[FromClient].keepAlives = 3
    expect(observe(controlIdleDropped, kept.judged())[0]?.confidence).toBe('low')
  })

  it('tells the side by where the RST came from and where it was captured', () => {
    const complained = () =>
      silent().reply(1202, '226 Transfer complete.', { acknowledged: false }).reset(FromClient, 1202.1)
    const beside = (client: number, server: number) => {
      const builder = complained()
      builder.control.flows[FromClient].hopLimit = client
      builder.control.flows[FromServer].hopLimit = server
      builder.control.resets[0]!.hopLimit = client
      for (const sighting of builder.control.synAcks) sighting.time = client === 64 ? 0.04e9 : 0.00001e9
      return observe(controlIdleDropped, builder.judged())[0]
    }
    expect(beside(50, 64)?.side).toBe('path')
    expect(beside(64, 57)?.side).toBe('unknown')
    expect(beside(64, 57)?.message).toContain('in the name of 192.168.1.10')
  })

  it('sees a command after mere idleness that is never acknowledged, and says nothing of a FIN there', () => {
    const idle = open().command(300, 'NOOP', { acknowledged: false }).retransmit(FromClient, 300.3, 300.9, 302)
    const [found] = observe(controlIdleDropped, idle.judged(310))
    expect(found?.confidence).toBe('low')
    expect(found?.message).toMatch(
      /was silent for 300 s; what 192\.168\.1\.10 said then \(NOOP\) was sent again 3 times/,
    )
    const closed = open().fin(FromClient, 300, { acknowledged: false }).judged(310)
    expect(observe(controlIdleDropped, closed)).toEqual([])
    const prompt = open().command(20, 'NOOP', { acknowledged: false }).retransmit(FromClient, 20.3, 20.9, 22)
    expect(observe(controlIdleDropped, prompt.judged(30))).toEqual([])
  })

  it('speaks of data where no transfer command is known, as under TLS', () => {
    const builder = silent().command(1210, 'NOOP', { acknowledged: false })
    builder.session.channels[0]!.transfer = null
    const [found] = observe(controlIdleDropped, builder.retransmit(FromClient, 1210.3, 1210.9, 1212).judged(1220))
    expect(found?.message).toContain('while data ran')
  })

  it('gives the answer to a FIN as long as a round trip takes, four times', () => {
    const closed = (second: number, judged: number) =>
      observe(controlIdleDropped, silent().fin(FromClient, second, { acknowledged: false }).judged(judged))
    expect(closed(1230, 1230.1)).toEqual([])
    expect(closed(1202, 1210)).toEqual([])
    expect(closed(1230, 1231)).toHaveLength(1)
  })

  it('measures the silence from the first packet of a connection captured from its middle', () => {
    const builder = new SessionBuilder({ midstream: true }).command(1, 'RETR feed.log')
    builder.data(1.05, 1201, 2000, 'unknown').command(1210, 'NOOP', { acknowledged: false })
    builder.control.flows[FromServer].packets = 1
    const [found] = observe(controlIdleDropped, builder.reset(FromServer, 1210.1, { hopLimit: 63 }).judged())
    expect(found?.message).toContain('was silent for 1209 s while RETR ran')
  })
})

describe('command-unanswered', () => {
  it('is less sure where the capture ends, and gives the server half a minute', () => {
    expect(observe(commandUnanswered, open().command(1, 'CWD /mnt').judged(20))).toEqual([])
    const [found] = observe(commandUnanswered, open().command(1, 'CWD /mnt').judged(60))
    expect(found).toMatchObject({ side: 'server', confidence: 'medium' })
    expect(found?.message).toContain('it is still silent 59.0 s later, where the capture ends')
    expect(found?.evidence.at(-1)?.note).toBe('last packet of the connection')
  })

  it('sees a server that closes instead of replying, and leaves its RST to another rule', () => {
    const [closed] = observe(commandUnanswered, open().command(1, 'CWD /mnt').fin(FromServer, 1.2).judged())
    expect(closed?.message).toContain('it closed the connection after 0.20 s')
    expect(observe(commandUnanswered, open().command(1, 'CWD /mnt').reset(FromServer, 1.2).judged())).toEqual([])
  })

  it('needs repetitions to say that a command does not arrive, and is surer with more of them', () => {
    const lost = (...seconds: number[]) =>
      observe(
        commandUnanswered,
        open()
          .command(1, 'CWD /mnt', { acknowledged: false })
          .retransmit(FromClient, ...seconds)
          .judged(9),
      )[0]
    expect(lost(1.2)).toBeUndefined()
    expect(lost(1.2, 1.6)?.confidence).toBe('medium')
    expect(lost(1.2, 1.6, 2.4)?.confidence).toBe('high')
  })

  it('blames the server host for a command that was captured beside it', () => {
    const builder = open().command(1, 'CWD /mnt', { acknowledged: false }).retransmit(FromClient, 1.2, 1.6, 2.4)
    builder.control.flows[FromClient].hopLimit = 50
    builder.control.flows[FromServer].hopLimit = 64
    const [found] = observe(commandUnanswered, builder.judged(9))
    expect(found?.side).toBe('server')
    expect(found?.message).toContain('although it was captured beside the server')
  })

  it('says what it may be where the command wanted data, and shows the last reply only where there is one', () => {
    const builder = new SessionBuilder({ midstream: true }).command(1, 'RETR x')
    builder.control.flows[FromServer].packets = 1
    const [found] = observe(commandUnanswered, builder.data(1.05, 2, 0, 'unknown').fin(FromClient, 61).judged())
    expect(found).toMatchObject({ confidence: 'medium', rivals: ['data-peer-mismatch'] })
    expect(found?.evidence.map(({ note }) => note).join()).not.toContain('last reply')
    builder.session.channels[0]!.mode = 'active'
    expect(observe(commandUnanswered, builder.judged())[0]?.rivals).toEqual(['active-not-attempted'])
  })

  it('lets a server wait for its data connection, for which one of a third host does not count', () => {
    const builder = open().command(1, 'LIST').data(1.05, 2, 0, 'unknown').fin(FromClient, 61)
    expect(observe(commandUnanswered, builder.judged())).toHaveLength(1)
    builder.session.channels[0]!.connection!.initiator.address = '198.51.100.99'
    expect(observe(commandUnanswered, builder.judged())).toEqual([])
  })
})

describe('idle-timeout', () => {
  it.each([
    ['421 Idle timeout (600 seconds): closing control connection', 600],
    ['421 No activity for 15 minutes: timeout, closing.', 900],
  ])('reads the timer out of "%s"', (line, timer) => {
    const [found] = observe(idleTimeout, open().reply(905, line, { unasked: true }).judged())
    expect(found?.confidence).toBe('high')
    expect(found?.message).toContain(`(its timer: ${timer} s)`)
  })

  it('is less sure of a silence that no usual timer has', () => {
    const [found] = observe(idleTimeout, open().reply(450, '421 Closing.', { unasked: true }).judged())
    expect(found?.confidence).toBe('medium')
    expect(found?.message).not.toContain('its timer')
  })

  it('names the command that came too late', () => {
    const session = open().reply(300.4, '421 Timeout.', { unasked: true }).command(301, 'PWD').judged()
    const [found] = observe(idleTimeout, session)
    expect(found?.message).toContain("The client's next command, PWD, came too late.")
    expect(found?.evidence.at(-1)?.note).toBe('PWD, after the server had closed')
  })

  it('sees a server that looks at its clock only when the next command comes', () => {
    const [found] = observe(idleTimeout, open().command(400, 'PWD').reply(400.1, '421 Timeout.').judged())
    expect(found?.message).toMatch(/after 400 s of silence/)
    expect(observe(idleTimeout, open().command(400, 'PWD').reply(404, '421 Timeout.').judged())).toEqual([])
  })

  it('counts the silence from the last packet of data, and looks at a handful of 421 only', () => {
    const builder = open().command(1, 'RETR x').reply(1.1, '150 Opening.').data(1.05, 200, 1e6, 'completed')
    builder.reply(201, '226 Done.').command(202, 'LIST').unseenData('unknown')
    const [found] = observe(idleTimeout, builder.reply(502, '421 Timeout.', { unasked: true }).judged())
    expect(found?.message).toContain('after 300 s of silence')
    const many = open()
    for (let i = 0; i < 9; i++) many.reply(1 + i, '421 Closing.', { unasked: true })
    expect(observe(idleTimeout, many.reply(600, '421 Timeout.', { unasked: true }).judged())).toEqual([])
  })

  it('counts from the first packet where the handshake was not captured', () => {
    const session = new SessionBuilder({ midstream: true }).reply(300, '421 Timeout.', { unasked: true }).judged()
    expect(observe(idleTimeout, session)[0]?.message).toContain('after 300 s of silence')
  })
})
