import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ROOT } from '../support/captures.js'
import { decryptCapture } from '../support/tls-capture.js'

const FOLDER = join(ROOT, 'test/tls/captures')
const file = readFileSync(join(FOLDER, 'a.txt'), 'latin1')
const verbs = (text: string) => text.split('\r\n').map((line) => line.split(' ')[0])

describe('a capture of vsftpd', () => {
  it.each([
    ['curl-tls13', 0x304, null],
    ['curl-tls12', 0x303, 'session-id'],
    ['curl-implicit', 0x304, null],
    ['lftp-tls12', 0x303, 'ticket'],
  ])('and %s is decrypted on both channels', (name, version, resumedBy) => {
    const [control, ...data] = decryptCapture(join(FOLDER, `${name}.pcapng`))
    expect(control!.decoder.facts.serverHello!.version).toBe(version)
    expect(verbs(control!.notes.text[0])).toEqual(expect.arrayContaining(['USER', 'PASS', 'RETR', 'QUIT']))
    expect(control!.notes.text[1]).toMatch(/^(?:227|229) Entering /m)
    const contents = data.map(({ notes }) => notes.text[1])
    expect(contents).toContain(file)
    for (const { notes, decoder } of [control!, ...data]) {
      expect(notes.failures).toEqual([])
      expect(notes.skips).toEqual([])
      expect(decoder.facts.certificates.length).toBe(decoder.facts.resumption.accepted === null ? 1 : 0)
    }
    if (resumedBy) for (const { decoder } of data) expect(decoder.facts.resumption.accepted).toBe(resumedBy)
  })

  it('with AES-CBC and a listing is decrypted', () => {
    const [control, data] = decryptCapture(join(FOLDER, 'curl-cbc.pcapng'))
    expect(verbs(control!.notes.text[0])).toContain('LIST')
    expect(data!.notes.text[1]).toContain(' a.txt\r\n')
  })
})
