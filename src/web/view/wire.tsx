/** Text from the wire: its direction stays its own, so that it cannot reorder what stands beside it. */
export function Wire({ children }: { children: string | null }) {
  return <bdi>{children ?? '–'}</bdi>
}
