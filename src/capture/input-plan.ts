import type { InputBefore } from './file-series.js'

/** What is known of an input before it is read, from a look at its files. */
export interface InputPlan {
  /**
   * Paths of the files of each place of capture, in the order in which they are read: place by place. Several places:
   * their sessions are held until all have been read, and joined.
   */
  places: readonly (readonly string[])[]
}

/** What is known of the rest of an input by whoever reads a part of it. */
export interface InputContext {
  /** The files before this part. */
  before?: InputBefore
  /** What a look at its files showed. */
  plan?: InputPlan
}

/** Index of the place of each path. */
export function placesByPath({ places }: InputPlan): ReadonlyMap<string, number> {
  return new Map(places.flatMap((paths, place) => paths.map((path) => [path, place] as const)))
}
