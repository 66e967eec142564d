/** A path without what differs between rotated files, and what that is. */
export interface FileName {
  pattern: string
  numbers: string[]
}

/** Rotated files have numbers or dates in their names, before the ending or after it, and may have been compressed. */
export function fileName(path: string): FileName {
  const bare = path.replace(/\.(gz|zst)$/iu, '').replace(/\.(pcap|pcapng|cap)(?=\d*$)/iu, '.')
  return { pattern: bare.replace(/\d+/gu, '#'), numbers: bare.match(/\d+/gu) ?? [] }
}
