import type { FileFrame } from '../../capture/frame-finder.js'
import type { Fact, Finding, RuleFacts } from '../rule.js'
import type { Shown } from './quote.js'

/** The file of a frame, and its number there; `null` if the input is one file. */
export type Locate = (frame: number) => FileFrame | null

/** Frame numbers as texts have them: `#36`, `frame 36`. */
const NUMBERS = /#(\d+)|\bframe (\d+)/g

/** A text of the program in which frames are named with their files: `#36` becomes `server.pcap #12`. */
export function withFileNames(text: string, locate: Locate, known?: ReadonlySet<number>): string {
  return text.replace(NUMBERS, (whole: string, marked: string | undefined, spelled: string | undefined) => {
    const frame = Number(marked ?? spelled)
    const local = known && !known.has(frame) ? null : locate(frame)
    return local ? `${local.file} #${local.frame}` : whole
  })
}

/** Frames that the texts of a finding may name: those of its evidence, and of its fact. */
export function framesOf({ evidence }: Finding<RuleFacts>, fact: Shown<Fact>): Set<number> {
  const frames = new Set(evidence.map(({ frame }) => frame))
  collect(fact, frames)
  return frames
}

function collect(value: object, frames: Set<number>): void {
  for (const [key, each] of Object.entries(value) as [string, unknown][]) {
    if (typeof each === 'number' && /frame/i.test(key)) frames.add(each)
    else if (typeof each === 'object' && each !== null) collect(each, frames)
  }
}
