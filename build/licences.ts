import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const PACKAGES = join(dirname(import.meta.dirname), 'node_modules')

/** Name, version and licence of a package whose code becomes part of a file. */
export function licenceOf(name: string): string {
  const folder = join(PACKAGES, name)
  const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, string>
  const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each))
  if (!file) throw new Error(`${name} has no licence file`)
  return `${name} ${version!} (${license!})\n${readFileSync(join(folder, file), 'utf8').trim()}`
}
