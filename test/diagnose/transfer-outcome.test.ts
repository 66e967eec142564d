import { describe, expect, it } from 'vitest'
import type { Session } from '../../src/correlate/model.js'
import { command, dial, type FtpSession, pasv, quit, reply } from '../support/ftp-scene.js'
import { atClient } from '../support/places.js'
import { verdictOn } from './observe.js'
import { played } from './played.js'

const LOST = { captured: false }

/** A download whose RETR the capture lacks; `replies` are those of the server that it has. */
function download(session: FtpSession, port: number, replies: readonly string[]): void {
  pasv(session, port)
  const data = dial(session, port)
  command(session, 'RETR report.bin', LOST)
  reply(session, '150 Here it comes.', replies.includes('150') ? {} : LOST)
  data.server(new Uint8Array(3000))
  data.close('server')
  const last = replies.find((each) => each !== '150')
  reply(session, last === undefined ? '226 Done.' : `${last} Done.`, last === undefined ? LOST : {})
}

function told(session: Session) {
  const { outcome, transfers } = verdictOn(session)
  return { outcome, count: transfers }
}

describe('a transfer whose command the capture lacks', () => {
  const ending = (...replies: string[]) =>
    told(
      played(atClient(''), (session) => {
        download(session, 50_005, replies)
        quit(session)
      }),
    )

  it('is completed where the replies to it say so', () => {
    expect(ending('150', '226')).toEqual({
      outcome: 'ok',
      count: { attempted: 1, completed: 1, failed: 0 },
    })
  })

  it('has failed where they say so', () => {
    const { outcome, count } = ending('150', '426')
    expect([outcome, count]).toEqual(['failed', { attempted: 1, completed: 0, failed: 1 }])
  })

  it('leaves the matter open where the capture lacks the replies, too, or the last of them', () => {
    const open = { attempted: 1, completed: 0, failed: 0 }
    expect(ending()).toMatchObject({ outcome: 'undetermined', count: open })
    expect(ending('150')).toMatchObject({ outcome: 'undetermined', count: open })
  })

  it('is told apart from the next one', () => {
    const { outcome, count } = told(
      played(atClient(''), (session) => {
        download(session, 50_005, ['150', '226'])
        download(session, 50_006, ['150', '426'])
        download(session, 50_007, ['150', '226'])
        quit(session)
      }),
    )
    expect(count).toEqual({ attempted: 3, completed: 2, failed: 1 })
    expect(outcome).toBe('failed')
  })
})
