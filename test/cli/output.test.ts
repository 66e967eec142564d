import { chmod, mkdtemp, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { DEFAULT_ANALYSIS, ftpscope } from './support.js'

const folder = (): Promise<string> => mkdtemp(join(tmpdir(), 'ftpscope-'))

describe('-o FILE', () => {
  it('writes the report there and nothing to standard output', async () => {
    const file = join(await folder(), 'report.json')
    const { status, out } = await ftpscope(['-o', file, '--format', 'json', 'a.pcap'])
    expect([status, out]).toEqual([0, ''])
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(DEFAULT_ANALYSIS())
  })

  it('replaces a report, keeps its permissions, and leaves no other file behind', async () => {
    const place = await folder()
    const file = join(place, 'report.txt')
    await writeFile(file, 'old')
    await chmod(file, 0o600)
    await ftpscope(['-o', file, 'a.pcap'])
    expect(await readFile(file, 'utf8')).toContain('2 sessions')
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(await readdir(place)).toEqual(['report.txt'])
  })

  it('keeps the old report when the analysis fails', async () => {
    const place = await folder()
    const file = join(place, 'report.txt')
    await writeFile(file, 'old')
    const { status } = await ftpscope(['-o', file, 'x.txt'], { files: { 'x.txt': ['not a capture'] } })
    expect(status).toBe(2)
    expect(await readFile(file, 'utf8')).toBe('old')
    expect(await readdir(place)).toEqual(['report.txt'])
  })

  it('writes through a link to its target', async () => {
    const place = await folder()
    await writeFile(join(place, 'real.txt'), 'old')
    await symlink('real.txt', join(place, 'link.txt'))
    await ftpscope(['-o', join(place, 'link.txt'), 'a.pcap'])
    expect(await readFile(join(place, 'real.txt'), 'utf8')).toContain('2 sessions')
  })

  it('does not write through a link placed at its temporary name', async () => {
    const place = await folder()
    const elsewhere = join(await folder(), 'elsewhere')
    await writeFile(elsewhere, 'mine')
    // Earlier versions used a temporary name that could be guessed.
    await symlink(elsewhere, join(place, `.report.txt.${process.pid}.tmp`))
    await ftpscope(['-o', join(place, 'report.txt'), 'a.pcap'])
    expect(await readFile(elsewhere, 'utf8')).toBe('mine')
    expect(await readFile(join(place, 'report.txt'), 'utf8')).toContain('2 sessions')
  })

  it('writes a report whose name is as long as the file system allows', async () => {
    const place = await folder()
    const name = `${'ü'.repeat(120)}.txt`
    const { status } = await ftpscope(['-o', join(place, name), 'a.pcap'])
    expect(status).toBe(0)
    expect(await readdir(place)).toEqual([name])
  })

  it('is never colored', async () => {
    const file = join(await folder(), 'report.txt')
    await ftpscope(['-o', file, 'a.pcap'], { env: { FORCE_COLOR: '1' } })
    expect(await readFile(file, 'utf8')).not.toContain('\u001b')
  })

  it('refuses to overwrite a capture that is being read', async () => {
    const file = join(await folder(), 'a.pcap')
    await writeFile(file, 'packets')
    const { status, err } = await ftpscope(['-o', file, file], { files: { [file]: ['chunk'] } })
    expect([status, err]).toEqual([
      2,
      `ftpscope: Report file ${file} is one of the captures; choose another file with -o\n`,
    ])
    expect(await readFile(file, 'utf8')).toBe('packets')
  })

  it.each([
    ['in a folder that is not there', '/nonexistent/report.txt', 'no such file or directory'],
    ['that is a directory', tmpdir(), 'is a directory'],
  ])('exits with 2 for a file %s, before anything is read', async (_what, file, reason) => {
    const { status, err, calls } = await ftpscope(['-o', file, 'a.pcap'])
    expect([status, err]).toEqual([2, `ftpscope: Cannot write ${file}: ${reason}; choose another file with -o\n`])
    expect(calls).toEqual([])
  })

  it.skipIf(!existsSync('/dev/full'))('exits with 2 when the disk is full', async () => {
    const { status, err } = await ftpscope(['-o', '/dev/full', 'a.pcap'])
    expect([status, err]).toEqual([
      2,
      'ftpscope: Cannot write /dev/full: no space left on device; choose another file with -o\n',
    ])
    expect((await stat('/dev/full')).isCharacterDevice()).toBe(true)
  })
})
