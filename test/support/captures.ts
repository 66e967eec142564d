import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

export const SAMPLES = join(ROOT, 'samples')

/** Public captures from elsewhere; not part of the project, so tests that use them are skipped if they are absent. */
export const CORPUS = process.env['FTPSCOPE_CORPUS'] ?? join(ROOT, '..', 'shared', 'corpus')
export const hasCorpus = existsSync(CORPUS)

const CAPTURE_NAME = /\.pcap(?:ng)?(?:\.gz)?$/

function capturesIn(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => CAPTURE_NAME.test(name))
    .sort()
    .map((name) => join(folder, name))
}

export function sampleCaptures(): string[] {
  return capturesIn(SAMPLES)
}

/** The key log beside a capture, if there is one. */
export function keysOf(path: string): Uint8Array | null {
  const keys = path.replace(CAPTURE_NAME, '.keys')
  return existsSync(keys) ? readFileSync(keys) : null
}

export function corpusCaptures(): string[] {
  return capturesIn(CORPUS)
}

/** The latest captures of the lab, if it was run (`npm run lab`). */
export function labCaptures(): string[] {
  return capturesIn(join(ROOT, 'lab-output'))
}

/** All available captures. */
export function captures(): string[] {
  return [...sampleCaptures(), ...corpusCaptures()]
}
