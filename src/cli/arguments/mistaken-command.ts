import { existsSync } from 'node:fs'
import { nearest } from '../../report/choose/nearest.js'

/** The command that was most likely meant by a word that is given instead of a capture; `null` for a capture. */
export function mistakenCommand(word: string | undefined, commands: readonly string[]): string | null {
  if (word === undefined || !/^[a-z]+$/i.test(word) || existsSync(word)) return null
  return nearest(word, commands)
}
