import { describe, expect, it } from 'vitest'
import { listedSizes } from '../../src/correlate/listing-sizes.js'
import { Analyzer } from '../../src/index.js'
import { ask, listing, login, quit, retrieve, store } from '../support/ftp-scene.js'
import { atClient, openControl } from '../support/places.js'
import { pyftpdlib } from '../support/server-dialects.js'
import { sessionsOf } from './follow.js'

describe('the sizes in a listing', () => {
  it.each([
    ['Unix', '-rw-r--r--    1 1000     1000         6000 Nov 21 06:18 report 1.bin\r\n', 'report 1.bin', 6000],
    ['Unix without group', '-rw-r--r-- 1 owner 77 Jan  3  2024 robots.txt\r\n', 'robots.txt', 77],
    ['DOS', '11-21-26  06:18AM                 1024 setup.exe\r\n', 'setup.exe', 1024],
    ['MLSD', 'type=file;size=5368709120;modify=20261121061800;UNIX.mode=0644; big.iso\r\n', 'big.iso', 5_368_709_120],
  ])('are read from %s lines', (_kind, line, name, size) => {
    expect([...listedSizes(line)]).toEqual([[name, size]])
  })

  it('are not read from folders, totals or a line whose end is missing', () => {
    const text =
      'total 8\r\ndrwxr-xr-x 2 0 0 4096 Nov 21 06:18 sub\r\ntype=dir;sizd=4096;modify=20261121061800; ' +
      'sub\r\n-rw-r--r-- 1 0 0 60'
    expect(listedSizes(text).size).toBe(0)
  })

  it('are expected of a later download of the same name', () => {
    const place = atClient('A listing shows 9000 bytes; one download brings 6000, another all that was listed.')
    const session = openControl(place, { dialect: pyftpdlib })
    login(session)
    const entry = (size: number, name: string) => `-rw-r--r--    1 1000     1000 ${size} Nov 21 06:18 ${name}\r\n`
    listing(session, { port: 50_004, data: entry(9000, 'report.bin') + entry(500, 'small.bin') })
    ask(session, 'TYPE I', '200 Type set to: Binary.')
    retrieve(session, { port: 50_005, data: 6000 })
    retrieve(session, { port: 50_006, path: 'small.bin', data: 500 })
    quit(session)
    const analyzer = new Analyzer()
    analyzer.openFile('listing')
    analyzer.push(place.scene.toPcap())
    analyzer.closeFile()
    const downloads = analyzer.end().sessions[0]!.dataChannels.slice(1)
    expect(downloads.map((channel) => channel.transfer)).toMatchObject([
      { path: 'report.bin', bytes: 6000, expectedBytes: 9000, outcome: 'incomplete' },
      { path: 'small.bin', bytes: 500, expectedBytes: 500, outcome: 'completed' },
    ])
  })

  it('are forgotten for a name that is uploaded, or once the folder is another one', () => {
    const place = atClient('')
    const session = openControl(place, { dialect: pyftpdlib })
    login(session)
    const entry = (name: string) => `-rw-r--r--    1 1000     1000 9000 Nov 21 06:18 ${name}\r\n`
    listing(session, { port: 50_004, data: entry('a') + entry('b') })
    ask(session, 'TYPE I', '200 Type set to: Binary.')
    store(session, { port: 50_005, path: 'a', data: 6000 })
    ask(session, 'RETR', '501 Syntax error.')
    retrieve(session, { port: 50_006, path: 'a', data: 6000 })
    ask(session, 'CWD sub', '250 Ok.')
    retrieve(session, { port: 50_007, path: 'b', data: 6000 })
    quit(session)
    const expected = sessionsOf(place.scene)[0]!.dialogue.transfers.map(({ path, expectedFrom }) => [
      path,
      expectedFrom,
    ])
    expect(expected.filter(([, from]) => from === 'listing')).toEqual([])
    expect(expected.map(([path]) => path)).toEqual([null, 'a', null, 'a', 'b'])
  })
})
