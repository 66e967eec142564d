/** Text from the wire: its direction is isolated, so that it cannot reorder the text around it. */
export function Wire({ children }: { children: string | null }) {
  return <bdi>{children ?? '–'}</bdi>
}
