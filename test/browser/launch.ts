import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const EXECUTABLE = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Debian's Chromium, or the one that CHROMIUM names. */
export function launch(): Promise<Browser> {
  if (!existsSync(EXECUTABLE)) throw new Error(`No browser at ${EXECUTABLE}: apt-get install chromium`)
  return chromium.launch({ executablePath: EXECUTABLE, args: ARGUMENTS })
}
