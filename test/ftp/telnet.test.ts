import { describe, expect, it } from 'vitest'
import { AFTER_IAC, NO_DATA, TelnetFilter } from '../../src/ftp/lines/telnet.js'
import { client, hear, outline, server } from './talk.js'

/** The text without Telnet commands. */
function filtered(...bytes: number[]): string {
  const filter = new TelnetFilter()
  return bytes
    .map((byte) => filter.next(byte))
    .filter((value) => value !== NO_DATA)
    .map((value) => (value >= AFTER_IAC ? `\xff${String.fromCharCode(value - AFTER_IAC)}` : String.fromCharCode(value)))
    .join('')
}

describe('Telnet commands', () => {
  it('are removed from a line, both those around ABOR and option negotiation', () => {
    expect(filtered(255, 244, 255, 242, 65, 66)).toBe('AB')
    expect(filtered(65, 255, 251, 1, 66)).toBe('AB')
    const { dialogue } = hear([server('220 x\r\n'), client('\xff\xf4\xff\xf2ABOR\r\n'), server('226 ok\r\n')])
    expect(outline(dialogue)).toEqual(['- 220', 'ABOR 226'])
  })

  it('end at a line end in place of an option', () => {
    expect(filtered(65, 255, 251, 13, 10)).toBe('A\r\n')
  })

  it('do not include a doubled 255, or one before a letter', () => {
    expect(filtered(65, 255, 255, 66)).toBe('A\xffB')
    expect(filtered(65, 255, 66)).toBe('A\xffB')
  })

  it('include a subnegotiation up to its end, with bytes 255 inside it', () => {
    expect(filtered(65, 255, 250, 24, 1, 255, 255, 2, 255, 240, 66)).toBe('AB')
  })

  it('do not hide the rest of a connection after a subnegotiation without an end', () => {
    expect(filtered(255, 250, ...Array.from({ length: 257 }, () => 1), 65, 66)).toBe('AB')
  })
})
