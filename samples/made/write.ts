import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { CaptureOptions } from '../../test/support/pcap-writer.js'
import type { Scene } from '../../test/support/scene.js'

/**
 * Writes the captures of this folder from the code beside them:
 *
 *     npx tsx samples/made/write.ts           writes each <name>.pcap
 *     npx tsx samples/made/write.ts --check   changes nothing, exits with 1 if one differs from what its code makes
 *     npx tsx samples/made/write.ts --list    says what each shows
 */
interface SampleModule {
  default: Pick<Scene, 'description' | 'toPcap'>
  /** How to write it. */
  options?: Partial<CaptureOptions>
  /** What happens to the finished file, such as a copy that broke off. */
  transform?: (bytes: Uint8Array) => Uint8Array
}

export interface MadeSample {
  name: string
  /** File name of the capture. */
  file: string
  description: string
  bytes: Uint8Array
}

export const MADE_FOLDER = fileURLToPath(new URL('.', import.meta.url))

/** All samples of this folder, in order of their names. */
export async function makeSamples(): Promise<MadeSample[]> {
  const sources = readdirSync(MADE_FOLDER).filter((file) => file.endsWith('.ts') && file !== 'write.ts')
  return Promise.all(sources.sort().map((source) => makeSample(source.slice(0, -'.ts'.length))))
}

/** True when the committed capture is what its code makes. */
export function isCurrent(sample: MadeSample): boolean {
  const path = MADE_FOLDER + sample.file
  return existsSync(path) && readFileSync(path).equals(sample.bytes)
}

async function makeSample(name: string): Promise<MadeSample> {
  const module = (await import(new URL(`${name}.ts`, import.meta.url).href)) as SampleModule
  const { default: scene, options = {}, transform = (bytes: Uint8Array) => bytes } = module
  return { name, file: `${name}.pcap`, description: scene.description, bytes: transform(scene.toPcap(options)) }
}

async function main(argument: string | undefined): Promise<void> {
  const samples = await makeSamples()
  if (argument === '--list') {
    for (const { file, description } of samples) console.log(`${file}: ${description}`)
  } else if (argument === '--check') {
    const stale = samples.filter((sample) => !isCurrent(sample))
    for (const { file } of stale) console.error(`${file} differs from what its code makes`)
    process.exitCode = stale.length > 0 ? 1 : 0
  } else {
    for (const { file, bytes } of samples) writeFileSync(MADE_FOLDER + file, bytes)
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv[2])
