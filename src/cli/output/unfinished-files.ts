import { unlinkSync } from 'node:fs'

const unfinished = new Set<string>()

/** Files to be taken away when the process is ended before they are complete. */
export function markUnfinished(path: string): void {
  unfinished.add(path)
}

export function markFinished(path: string): void {
  unfinished.delete(path)
}

/** Called when the process is about to end: nothing can wait any more. */
export function removeUnfinished(): void {
  for (const path of unfinished) {
    try {
      unlinkSync(path)
    } catch {
      // It is gone already, or cannot be taken away; there is nobody to tell.
    }
  }
  unfinished.clear()
}
