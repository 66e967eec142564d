/**
 * Bytes of a file that are requested from the browser at a time: each call takes milliseconds, and at most two slices
 * are in memory.
 */
export const SLICE_LENGTH = 16 * 1024 * 1024
