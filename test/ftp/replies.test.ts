import { describe, expect, it } from 'vitest'
import { client, hear, outline, script, server } from './talk.js'

describe('replies', () => {
  it('joins the lines of a multi-line reply, whatever is in between', () => {
    const { dialogue } = hear(
      script(`
        S: 220-Welcome
        S: 220-second
        S:  331 indented
        S: free text
        S: 220Welcome
        S: 220 ready`),
    )
    expect(dialogue.exchanges).toHaveLength(1)
    expect(dialogue.exchanges[0]).toMatchObject({ command: null, frame: 6 })
    expect(dialogue.exchanges[0]!.replies[0]!.text).toBe('Welcome\nsecond\n 331 indented\nfree text\n220Welcome\nready')
  })

  it.each([
    ['220', 220, ''],
    ['220 ', 220, ''],
    ['230_no_space', 230, '_no_space'],
    ['220Welcome', 220, 'Welcome'],
  ])('reads %j', (line, code, text) => {
    expect(hear([server(line + '\r\n')]).dialogue.exchanges[0]!.replies).toMatchObject([{ code, text }])
  })

  it.each(['99 PASV invalid', 'SYST not supported', '4000 bytes', '700 no such class', '000 zero', '\x00\x01'])(
    'notes that %j is not a reply, and continues',
    (line) => {
      const { dialogue, anomalies } = hear([server('220 ready\r\n'), server(line + '\r\n'), ...script('S: 421 bye')])
      expect(anomalies.has('ftp-reply-invalid')).toBe(true)
      expect(outline(dialogue)).toEqual(['- 220', '- 421'])
    },
  )

  it('ends a multi-line reply at another code if the client goes on', () => {
    const { dialogue, anomalies } = hear(
      script(`
        S: 220-Welcome
        S: 226 ready
        C: USER x
        S: 331 password`),
    )
    expect(outline(dialogue)).toEqual(['- 220', 'USER 331'])
    expect(dialogue.exchanges[0]!.replies[0]!.text).toBe('Welcome\nready')
    expect(anomalies.has('ftp-reply-invalid')).toBe(true)
  })

  it('reads unindented numbers inside a multi-line reply as text if its own end follows', () => {
    const { dialogue } = hear(
      script(`
        S: 220-Mirrors
        S: 100 Mbit connection
        S: 150 users
        S: 220 ready
        C: NOOP
        S: 200 ok`),
    )
    expect(outline(dialogue)).toEqual(['- 220', 'NOOP 200'])
    expect(dialogue.exchanges[0]!.replies[0]!.text).toContain('100 Mbit connection\n150 users')
  })

  it('recovers if a multi-line reply has no end', () => {
    const { dialogue } = hear(
      script(`
        S: 220-Welcome
        C: USER x
        S: 331 password
        C: PASS y
        S: 230 in`),
    )
    expect(outline(dialogue)).toEqual(['- 220', 'USER 331', 'PASS 230'])
  })

  it('recovers if a preliminary multi-line reply has no end', () => {
    const { dialogue } = hear(
      script(`
        S: 220 x
        C: RETR f
        S: 150-Accepted data connection
        S: 226 done`),
    )
    expect(outline(dialogue)).toEqual(['- 220', 'RETR 150 226'])
  })

  it('keeps a multi-line reply that is cut off by the end of the stream', () => {
    expect(outline(hear(script('S: 220-Welcome')).dialogue)).toEqual(['- 220'])
    expect(outline(hear(script('S: 220-Welcome\nS: 226 odd')).dialogue)).toEqual(['- 220'])
  })

  it('truncates an endless reply', () => {
    const lines = Array.from({ length: 200 }, () => server('220-' + 'x'.repeat(1000) + '\r\n'))
    const { dialogue, anomalies } = hear([...lines, server('220 end\r\n'), client('NOOP\r\n'), server('200 ok\r\n')])
    expect(dialogue.exchanges[0]!.replies[0]!.text.length).toBeLessThanOrEqual(64 * 1024)
    expect(outline(dialogue)).toEqual(['- 220', 'NOOP 200'])
    expect(anomalies.has('ftp-reply-cut')).toBe(true)
  })

  it('shows bytes that are not UTF-8', () => {
    expect(hear([server('257 "/Gr\xf6\xdfe" ok\r\n')]).dialogue.exchanges[0]!.replies[0]!.text).toBe(
      '"/Gr\\xf6\\xdfe" ok',
    )
  })
})
