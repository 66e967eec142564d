import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const FOLDER = join(import.meta.dirname, 'certificates')

/** A certificate of `certificates/make.py` in DER, by its name. */
export function certificate(name: string): Uint8Array {
  return Uint8Array.from(readFileSync(join(FOLDER, `${name}.der`)))
}

/** The names of all of them. */
export function certificateNames(): string[] {
  return readdirSync(FOLDER).flatMap((file) => (file.endsWith('.der') ? [file.slice(0, -'.der'.length)] : []))
}
