import fc from 'fast-check'
import { posix, win32 } from 'node:path'
import { describe, expect, it } from 'vitest'
import { StoredNames } from '../../../src/slice/files/stored-names.js'

describe('the names under which extracted files are stored', () => {
  const stored = (path: string): string => new StoredNames().take(['192.0.2.1'], path)

  it.each([
    ['/pub/a.txt', '192.0.2.1/pub/a.txt'],
    ['/../../etc/passwd', '192.0.2.1/etc/passwd'],
    ['/pub/../../../x', '192.0.2.1/x'],
    ['C:\\Windows\\x', '192.0.2.1/C__Windows_x'],
    ['/a\0b\nc\u202Ed', '192.0.2.1/a_b_c_d'],
    ['/nul', '192.0.2.1/_nul'],
    ['/COM1.txt', '192.0.2.1/_COM1.txt'],
    ['/aux .txt/lpt³', '192.0.2.1/_aux .txt/_lpt³'],
    ['/console', '192.0.2.1/console'],
    ['/report. .', '192.0.2.1/report___'],
    ['/', '192.0.2.1/unnamed'],
  ])('make of %j a path that any system takes', (path, name) => {
    expect(stored(path)).toBe(name)
  })

  it('have no colon where the server has an IPv6 address', () => {
    expect(new StoredNames().take(['2001:db8::1'], '/a')).toBe('2001_db8__1/a')
  })

  it('keep the extension when they are cut', () => {
    expect(stored(`/${'ä'.repeat(300)}.tar`)).toBe(`192.0.2.1/${'ä'.repeat(98)}.tar`)
  })

  it('get a suffix where another file, in any letter case, or a directory has the name', () => {
    const names = new StoredNames()
    const paths = ['/a.txt', '/A.TXT', '/a~2.txt', '/a.txt', '/a.txt/b', '/d/e', '/d']
    expect(paths.map((path) => names.take(['s'], path))).toEqual([
      's/a.txt',
      's/A~2.TXT',
      's/a~2~2.txt',
      's/a~3.txt',
      's/a~4.txt/b',
      's/d/e',
      's/d~2',
    ])
  })

  it('lead nowhere else and never meet, whatever the paths', () => {
    const part = fc.oneof(
      fc.constantFrom('..', '.', '', 'a', 'A', 'nul', 'a.', 'ß', 'SS', 'a~2', '\\..'),
      fc.string({ unit: 'binary' }),
    )
    const path = fc.array(part, { maxLength: 40 }).map((parts) => parts.join('/'))
    fc.assert(
      fc.property(fc.array(fc.tuple(part, path), { maxLength: 12 }), (files) => {
        const names = new StoredNames()
        const taken = files.map(([server, each]) => names.take([server], each))
        const folded = taken.map((name) => name.toUpperCase().toLowerCase())
        expect(new Set(folded).size).toBe(taken.length)
        for (const name of taken) {
          expect(posix.normalize(name)).toBe(name)
          expect(posix.isAbsolute(name) || win32.isAbsolute(name) || name.startsWith('..')).toBe(false)
          expect(Buffer.byteLength(name)).toBeLessThan(4000)
          for (const each of name.split('/')) {
            expect(each).toMatch(/^[^\p{Cc}\\:]*[^\p{Cc}\\:. ]$/u)
            expect(Buffer.byteLength(each)).toBeLessThan(255)
          }
          // No file is where another needs a directory.
          expect(folded.some((other) => other.startsWith(`${name.toUpperCase().toLowerCase()}/`))).toBe(false)
        }
      }),
    )
  })
})
