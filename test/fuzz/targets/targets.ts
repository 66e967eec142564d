/**
 * The parts of the program that are fuzzed, and the share of the time that each gets. Each is the export of that name
 * of its file.
 */
export const TARGETS = {
  capture: 0.1,
  wire: 0.1,
  tcp: 0.15,
  tls: 0.05,
  content: 0.05,
  keylog: 0.05,
  ftp: 0.2,
  whole: 0.3,
} as const

export type TargetName = keyof typeof TARGETS

export function targetModule(name: TargetName): string {
  return new URL(`./${name}.ts`, import.meta.url).href
}
