import { rmSync } from 'node:fs'

const unfinished = new Set<string>()

/** Marks a file, or a directory with all that is in it, for removal if the process ends before it is complete. */
export function markUnfinished(path: string): void {
  unfinished.add(path)
}

export function markFinished(path: string): void {
  unfinished.delete(path)
}

/** Called when the process is about to end, hence synchronous. */
export function removeUnfinished(): void {
  for (const path of unfinished) {
    try {
      rmSync(path, { recursive: true })
    } catch {
      // It is gone already, or cannot be taken away; there is nobody to tell.
    }
  }
  unfinished.clear()
}
