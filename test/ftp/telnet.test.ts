import { describe, expect, it } from 'vitest'
import { AFTER_IAC, NO_DATA, TelnetFilter } from '../../src/ftp/lines/telnet.js'
import { client, hear, outline, server } from './talk.js'

/** What is left of the bytes as text. */
function filtered(...bytes: number[]): string {
  const filter = new TelnetFilter()
  return bytes
    .map((byte) => filter.next(byte))
    .filter((value) => value !== NO_DATA)
    .map((value) => (value >= AFTER_IAC ? `\xff${String.fromCharCode(value - AFTER_IAC)}` : String.fromCharCode(value)))
    .join('')
}

describe('Telnet commands', () => {
  it('are taken out of a line, the ones around ABOR and those that negotiate', () => {
    expect(filtered(255, 244, 255, 242, 65, 66)).toBe('AB')
    expect(filtered(65, 255, 251, 1, 66)).toBe('AB')
    const { dialogue } = hear([server('220 x\r\n'), client('\xff\xf4\xff\xf2ABOR\r\n'), server('226 ok\r\n')])
    expect(outline(dialogue)).toEqual(['- 220', 'ABOR 226'])
  })

  it('give way to a line end where an option should be', () => {
    expect(filtered(65, 255, 251, 13, 10)).toBe('A\r\n')
  })

  it('leave a doubled 255 and one before a letter as text', () => {
    expect(filtered(65, 255, 255, 66)).toBe('A\xffB')
    expect(filtered(65, 255, 66)).toBe('A\xffB')
  })

  it('hide a subnegotiation up to its end, bytes 255 inside it included', () => {
    expect(filtered(65, 255, 250, 24, 1, 255, 255, 2, 255, 240, 66)).toBe('AB')
  })

  it('do not hide the rest of a connection behind a subnegotiation that never ends', () => {
    expect(filtered(255, 250, ...Array.from({ length: 257 }, () => 1), 65, 66)).toBe('AB')
  })
})
