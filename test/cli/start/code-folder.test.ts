import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isOwn, storeCode, userCacheFolder } from '../../../src/cli/start/code-folder.js'

const home = (): string => '/home/alice'

describe.skipIf(process.platform === 'win32')('The folder of the user for compiled code', () => {
  it('is where the system has caches', () => {
    expect(userCacheFolder({}, 'linux', home)).toBe('/home/alice/.cache/ftpscope')
    expect(userCacheFolder({ XDG_CACHE_HOME: '/var/cache/alice' }, 'linux', home)).toBe('/var/cache/alice/ftpscope')
    expect(userCacheFolder({}, 'darwin', home)).toBe('/home/alice/Library/Caches/ftpscope')
    expect(userCacheFolder({ LOCALAPPDATA: '/c/local' }, 'win32', home)).toBe('/c/local/ftpscope/cache')
  })

  it('is none where a relative path, no home or no folder is stated', () => {
    expect(userCacheFolder({ XDG_CACHE_HOME: 'cache' }, 'linux', home)).toBe('/home/alice/.cache/ftpscope')
    expect(userCacheFolder({}, 'linux', () => '')).toBeNull()
    expect(
      userCacheFolder({}, 'linux', () => {
        throw new Error('ENOENT')
      }),
    ).toBeNull()
    expect(userCacheFolder({}, 'win32', home)).toBeNull()
  })
})

describe.skipIf(process.platform === 'win32')('Compiled code', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ftpscope-code-'))
  })
  afterEach(() => {
    chmodSync(folder, 0o700)
    rmSync(folder, { recursive: true })
  })
  const code = (): Buffer => Buffer.from('code')

  it('is stored for the user alone, in a folder that is created', () => {
    const own = join(folder, 'cache', 'ftpscope')
    expect(storeCode(own, 'a.code', code)).toBe(true)
    expect(readFileSync(join(own, 'a.code'), 'utf8')).toBe('code')
    expect(statSync(own).mode & 0o077).toBe(0)
    expect(statSync(join(own, 'a.code')).mode & 0o077).toBe(0)
    expect(isOwn(join(own, 'a.code'))).toBe(true)
  })

  it('is replaced as a whole, and that of long ago is removed', () => {
    writeFileSync(join(folder, 'old.code'), '')
    writeFileSync(join(folder, 'other.txt'), '')
    utimesSync(join(folder, 'old.code'), 1, 1)
    utimesSync(join(folder, 'other.txt'), 1, 1)
    storeCode(folder, 'a.code', () => Buffer.from('first'))
    storeCode(folder, 'a.code', code)
    expect(readdirSync(folder).sort()).toEqual(['a.code', 'other.txt'])
    expect(readFileSync(join(folder, 'a.code'), 'utf8')).toBe('code')
  })

  it('is neither stored nor run where others may write', () => {
    chmodSync(folder, 0o777)
    expect(storeCode(folder, 'a.code', code)).toBe(false)
    expect(readdirSync(folder)).toEqual([])
    expect(isOwn(folder)).toBe(false)
  })

  it('is not stored where a file has the name of the folder', () => {
    writeFileSync(join(folder, 'file'), '')
    expect(storeCode(join(folder, 'file'), 'a.code', code)).toBe(false)
  })
})
