import { describe, expect, it } from 'vitest'
import { redactSession } from '../../src/report/describe/redact.js'
import type { SessionReport } from '../../src/report/contract.js'
import { exchange, failingSession, finding, reply, session } from './fixtures.js'

const withPassword = (password: string, ...replies: [number, string][]): SessionReport =>
  session({
    exchanges: [
      exchange(7, 'PASS', password, ...replies.map(([code, text]) => reply(8, code, text))),
      exchange(9, 'NOOP', null, reply(10, 200, `Type ${password} ok`)),
    ],
  })

describe('redactSession', () => {
  it.each(['PASS', 'ACCT', 'ADAT', 'pass'])('hides the argument of %s', (command) => {
    const redacted = redactSession(session({ exchanges: [exchange(7, command, 'hunter2')] }))
    expect(redacted.exchanges[0]?.argument).toBe('***')
  })

  it('leaves other arguments, and the analysis that it was given, as they are', () => {
    const given = session({ exchanges: [exchange(5, 'USER', 'alice'), exchange(7, 'PASS', 'hunter2')] })
    expect(redactSession(given).exchanges[0]?.argument).toBe('alice')
    expect(given.exchanges[1]?.argument).toBe('hunter2')
  })

  it('tells a PASS without argument from one with', () => {
    expect(redactSession(session({ exchanges: [exchange(7, 'PASS', null)] })).exchanges[0]?.argument).toBeNull()
    expect(redactSession(session({ exchanges: [exchange(7, 'PASS', '')] })).exchanges[0]?.argument).toBe('')
  })

  it('hides a password that a reply repeats, in every reply of the session', () => {
    const redacted = redactSession(withPassword('hunter2', [530, 'Password "hunter2" is wrong']))
    expect(redacted.exchanges.map(({ replies }) => replies[0]?.text)).toEqual([
      'Password "***" is wrong',
      'Type *** ok',
    ])
  })

  it('hides a password full of pattern characters', () => {
    const redacted = redactSession(withPassword('a.*(b[c]|$1', [530, 'No: a.*(b[c]|$1!']))
    expect(redacted.exchanges[0]?.replies[0]?.text).toBe('No: ***!')
  })

  it('leaves words alone that merely contain the password', () => {
    const redacted = redactSession(withPassword('word', [530, 'Password wrong, crosswords too']))
    expect(redacted.exchanges[0]?.replies[0]?.text).toBe('Password wrong, crosswords too')
  })

  it('looks for a short password only in the replies to it', () => {
    const redacted = redactSession(withPassword('ok', [530, 'not ok']))
    expect(redacted.exchanges.map(({ replies }) => replies[0]?.text)).toEqual(['not ***', 'Type ok ok'])
  })

  it('does not look for a password that is the user name, which would tell it', () => {
    const redacted = redactSession({ ...withPassword('alice', [230, 'User alice logged in']), user: 'Alice' })
    expect(redacted.exchanges[0]?.replies[0]?.text).toBe('User alice logged in')
  })

  it('knows the leading minus of passwords that ask for short replies', () => {
    const redacted = redactSession(withPassword('-hunter2', [530, 'hunter2 is wrong']))
    expect(redacted.exchanges[0]?.replies[0]?.text).toBe('*** is wrong')
  })

  it('hides the password in findings and verdict', () => {
    const redacted = redactSession({
      ...withPassword('hunter2', [530, 'no']),
      findings: [
        finding({ id: 'login-rejected', message: 'Sent PASS hunter2.', evidence: [{ frame: 7, note: 'hunter2' }] }),
      ],
      verdict: { ...failingSession().verdict, sentence: 'PASS hunter2 was refused.' },
    })
    expect(redacted.findings[0]).toMatchObject({ message: 'Sent PASS ***.', evidence: [{ frame: 7, note: '***' }] })
    expect(redacted.verdict.sentence).toBe('PASS *** was refused.')
    expect(JSON.stringify(redacted)).not.toContain('hunter2')
  })
})
