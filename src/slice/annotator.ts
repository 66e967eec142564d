import type { Frame } from '../capture/frame.js'
import type { CopyRules } from '../capture/write/capture-rewriter.js'
import type { FrameChange } from '../capture/write/packet-block.js'
import { commentOf, type FrameNote } from './frame-notes.js'

const AS_IT_IS: FrameChange = {}

/** Copies all of a capture, with notes appended to the comments of their frames. */
export class Annotator implements CopyRules {
  readonly #comments = new Map<number, string[]>()
  /** Frames whose block cannot have a comment. */
  readonly unwrittenFrames: number[] = []

  constructor(notes: readonly FrameNote[]) {
    for (const note of notes) {
      const comments = this.#comments.get(note.frame)
      const comment = commentOf(note)
      if (!comments) this.#comments.set(note.frame, [comment])
      else if (!comments.includes(comment)) comments.push(comment)
    }
  }

  /** Number of frames with notes. */
  get frames(): number {
    return this.#comments.size
  }

  frame({ number }: Frame): FrameChange {
    const comments = this.#comments.get(number)
    return comments ? { comments } : AS_IT_IS
  }

  block(block: Uint8Array): Uint8Array {
    return block
  }

  longBlock(): boolean {
    return true
  }

  afterHeader(): readonly Uint8Array[] {
    return []
  }

  unwritten(frame: number): void {
    this.unwrittenFrames.push(frame)
  }
}
