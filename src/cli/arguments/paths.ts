/** Collects the paths of a repeatable option. */
export function pathList(path: string, before: readonly string[] = []): string[] {
  return [...before, path]
}
