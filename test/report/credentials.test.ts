import { describe, expect, it } from 'vitest'
import { Analyzer, type Analysis, type AnalyzeOptions } from '../../src/index.js'
import { ask, login, quit, reply } from '../support/ftp-scene.js'
import { atClient, openControl } from '../support/places.js'
import type { Scene } from '../support/scene.js'

function summaryOf(scene: Scene, options?: AnalyzeOptions): Analysis {
  const analyzer = new Analyzer(options)
  analyzer.openFile('scene.pcap')
  analyzer.push(scene.toPcap())
  analyzer.closeFile()
  return analyzer.end()
}

describe('The users whose passwords were sent in clear text', () => {
  it('are listed once each, and never with the password', () => {
    const place = atClient('')
    for (const [i, user] of ['alice', 'bob', 'alice'].entries()) {
      const session = openControl(place, { clientPort: 52_000 + i * 100 })
      login(session, { user, password: `secret-${i}` })
      quit(session)
    }
    const analysis = summaryOf(place.scene)
    expect(analysis.summary.credentialsExposed).toMatchObject([
      { user: 'alice', server: { address: '203.0.113.20', port: 21 }, sessions: 2, accepted: true },
      { user: 'bob', sessions: 1, accepted: true },
    ])
    expect(JSON.stringify(analysis)).not.toContain('secret-')
  })

  it('are none if that finding is ignored', () => {
    const place = atClient('')
    const session = openControl(place)
    login(session, { user: 'alice', password: 'secret' })
    quit(session)
    const { summary } = summaryOf(place.scene, { ignore: ['cleartext-credentials'] })
    expect(summary).toMatchObject({ sessions: 1, credentialsExposed: [] })
  })

  it('are none if only an anonymous user logged in', () => {
    const place = atClient('')
    const session = openControl(place)
    login(session, { user: 'anonymous', password: 'mail@example.net' })
    quit(session)
    expect(summaryOf(place.scene).summary.credentialsExposed).toEqual([])
  })

  it('are listed with whether the server accepted the password', () => {
    const place = atClient('')
    const session = openControl(place)
    reply(session, session.dialect.greeting)
    ask(session, 'USER mallory', '331 Password')
    ask(session, 'PASS guess', '530 Login incorrect.')
    ask(session, 'USER alice', '331 Password')
    ask(session, 'PASS wrong', '530 Login incorrect.')
    ask(session, 'PASS right-one', '230 Login successful.')
    quit(session)
    expect(summaryOf(place.scene).summary.credentialsExposed).toMatchObject([
      { user: 'mallory', accepted: false },
      { user: 'alice', accepted: true, sessions: 1 },
    ])
  })

  it('are at most a thousand, and the report says if there were more', () => {
    const place = atClient('')
    const session = openControl(place)
    reply(session, session.dialect.greeting)
    for (let i = 0; i < 1003; i++) {
      ask(session, `USER user${i}`, '331 Password')
      ask(session, 'PASS guess', '530 Login incorrect.')
    }
    session.control.close('client')
    const { capture, summary } = summaryOf(place.scene)
    expect(summary.credentialsExposed).toHaveLength(1000)
    expect(capture.anomalies.find(({ kind }) => kind === 'report-credentials-capped')?.count).toBe(3)
  })
})
