/** Bytes of a file that a browser is asked for at a time: each call costs it milliseconds, and two slices are in memory at most. */
export const SLICE_LENGTH = 16 * 1024 * 1024
