import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'

/** Days after which code that no version of the program has written anew is removed. */
const KEPT_DAYS = 90
/** Others than the owner may write. */
const WRITABLE_BY_OTHERS = 0o022

/**
 * The folder of a user's caches: XDG Base Directory Specification, Apple's File System Programming Guide, Windows'
 * known folders. `null` where there is none.
 */
export function userCacheFolder(
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
  home: () => string = homedir,
): string | null {
  if (platform === 'win32') return env['LOCALAPPDATA'] ? join(env['LOCALAPPDATA'], 'ftpscope', 'cache') : null
  const { XDG_CACHE_HOME: stated } = env
  if (stated && isAbsolute(stated)) return join(stated, 'ftpscope')
  const own = homeOf(home)
  if (own === null) return null
  return join(own, ...(platform === 'darwin' ? ['Library', 'Caches'] : ['.cache']), 'ftpscope')
}

function homeOf(home: () => string): string | null {
  try {
    const path = home()
    return isAbsolute(path) ? path : null
  } catch {
    // A user without an entry in the password database has no folder for caches.
    return null
  }
}

/**
 * Whether code in a file may be run by this process: it is this user's, and nobody else may have written it. A process
 * of root that was given another user's home must not run what that user wrote.
 */
export function isOwn(file: string): boolean {
  if (!process.getuid) return true
  const { uid, mode } = statSync(file)
  return uid === process.getuid() && (mode & WRITABLE_BY_OTHERS) === 0
}

/**
 * Stores code in a folder, which is created; what has not been written for long is removed. False if the folder cannot
 * be written to: then the next start compiles again, as this one did.
 */
export function storeCode(folder: string, name: string, code: () => Buffer): boolean {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    if (!isOwn(folder)) return false
    const temporary = join(folder, `${name}.${process.pid}`)
    writeFileSync(temporary, code(), { flag: 'wx', mode: 0o600 })
    renameSync(temporary, join(folder, name))
    const oldest = Date.now() - KEPT_DAYS * 86_400_000
    for (const other of readdirSync(folder).filter((entry) => entry.includes('.code'))) {
      const path = join(folder, other)
      if (statSync(path).mtimeMs < oldest) rmSync(path)
    }
    return true
  } catch {
    return false
  }
}
