import { describe, expect, it } from 'vitest'
import { dataSetupMissing } from '../../src/diagnose/rules/transfers/data-setup-missing.js'
import { earlyCompletion } from '../../src/diagnose/rules/transfers/early-completion.js'
import { ask, command, listing, port, quit, reply, type FtpSession } from '../support/ftp-scene.js'
import { atClient } from '../support/places.js'
import { download, leave, observed } from './played.js'

describe('data-setup-missing', () => {
  const asked = (
    answer: string,
    before: (session: FtpSession) => void = () => undefined,
    then: (session: FtpSession) => void = leave,
  ) =>
    observed(dataSetupMissing, atClient(''), (session) => {
      before(session)
      ask(session, 'LIST', answer)
      then(session)
    })

  it('tells a transfer without any announcement from one that needs a new one', () => {
    const [first] = asked('425 Use PORT or PASV first.')
    expect(first).toMatchObject({
      fact: { kind: 'none-before', client: '192.168.1.10', command: { command: 'LIST' }, reply: { code: 425 } },
      confidence: 'high',
    })
    const [second] = asked('425 Use PORT or PASV first.', listing)
    expect(second?.fact.kind).toBe('none-left')
    expect(second?.message).toContain('without a new PORT or PASV for it')
  })

  it('says nothing of another refusal, or where the announcement was turned down', () => {
    expect(asked('550 No such folder.')).toEqual([])
    expect(asked('425 Out of memory.')).toEqual([])
    const refused = asked('425 Use PORT or PASV first.', (session) => {
      port(session, 52_300, { reply: '500 Illegal PORT command.' })
    })
    expect(refused).toEqual([])
  })

  it('warns only where the listing came later', () => {
    const [found] = asked(
      '425 Use PORT or PASV first.',
      () => undefined,
      (session) => {
        listing(session)
        quit(session)
      },
    )
    expect(found).toMatchObject({ severity: 'warning', confidence: 'high' })
  })

  it('is unsure where the announcement may be among what the capture lacks', () => {
    const [lost] = asked('425 Use PORT or PASV first.', (session) => {
      command(session, 'NOOP', { captured: false })
    })
    expect(lost?.confidence).toBe('low')
    const [midstream] = observed(
      dataSetupMissing,
      atClient(''),
      (session) => {
        ask(session, 'LIST', '425 Use PORT or PASV first.')
      },
      { captured: false },
    )
    expect(midstream?.confidence).toBe('low')
  })
})

describe('early-completion', () => {
  const completed = (answer: string, think: number) =>
    observed(
      earlyCompletion,
      atClient(''),
      download((data, session) => {
        data.server(2896)
        reply(session, answer)
        data.server(2896, { think }).close('server')
        quit(session)
      }),
    )

  it('tells how much later the last bytes came than the completion', () => {
    const [found] = completed('226 Transfer complete.', 400)
    expect(found).toMatchObject({
      severity: 'info',
      fact: { kind: 'bytes-after-completion', command: { command: 'RETR', argument: 'big' }, code: 226, bytes: 5792 },
    })
    expect(found!.fact.lateNs).toBeGreaterThan(0.3e9)
  })

  it('says nothing where the packets of the two connections cross, or where the reply is no completion', () => {
    expect(completed('226 Transfer complete.', 1)).toEqual([])
    expect(completed('426 Failure writing network stream.', 400)).toEqual([])
  })
})
