import { describe, expect, it } from 'vitest'
import { redactionOf, SECRETS_SHOWN } from '../../src/report/describe/redaction.js'

const command = (name: string | null, argument: string | null) => ({ command: name, argument })
const pass = (password: string | null) => command('PASS', password)
const of = (password: string, user: string | null = null) => redactionOf({ exchanges: [pass(password)], user })

describe('redaction', () => {
  it.each(['PASS', 'ACCT', 'ADAT', 'pass'])('hides the argument of %s', (name) => {
    const secret = command(name, 'hunter2')
    expect(redactionOf({ exchanges: [secret], user: null }).argument(secret)).toBe('***')
  })

  it('leaves other arguments unchanged', () => {
    expect(of('hunter2').argument(command('USER', 'alice'))).toBe('alice')
  })

  it('leaves everything unchanged if secrets are to be shown', () => {
    expect(SECRETS_SHOWN.argument(pass('hunter2'))).toBe('hunter2')
    expect(SECRETS_SHOWN.reply(pass('hunter2'), 'hunter2?')).toBe('hunter2?')
    expect(SECRETS_SHOWN.text('hunter2')).toBe('hunter2')
  })

  it('distinguishes a PASS without argument from one with', () => {
    expect(of('hunter2').argument(pass(null))).toBeNull()
    expect(of('hunter2').argument(pass(''))).toBe('')
  })

  it('hides a password that a text repeats, anywhere in the session', () => {
    const { reply, text } = of('hunter2')
    expect(reply(pass('hunter2'), 'Password "hunter2" is wrong')).toBe('Password "***" is wrong')
    expect(reply(command('NOOP', null), 'Type hunter2 ok')).toBe('Type *** ok')
    expect(text('/home/hunter2')).toBe('/home/***')
  })

  it('hides a password full of pattern characters', () => {
    expect(of('a.*(b[c]|$1').text('No: a.*(b[c]|$1!')).toBe('No: ***!')
  })

  it('leaves words unchanged that merely contain the password', () => {
    expect(of('word').text('Password wrong, crosswords too')).toBe('Password wrong, crosswords too')
  })

  it('searches for a short password only in the replies to it', () => {
    const { reply } = of('ok')
    expect(reply(pass('ok'), 'not ok')).toBe('not ***')
    expect(reply(command('NOOP', null), 'Type ok ok')).toBe('Type ok ok')
  })

  it('does not search for a password that equals the user name, which would reveal it', () => {
    expect(of('alice', 'Alice').reply(pass('alice'), 'User alice logged in')).toBe('User alice logged in')
  })

  it('handles the leading minus of passwords, which asks for short replies', () => {
    expect(of('-hunter2').text('hunter2 is wrong')).toBe('*** is wrong')
  })
})
