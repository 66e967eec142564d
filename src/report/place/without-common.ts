/** Names without what all of them begin with, up to a separator: `ticket-1.client.pcap` becomes `…client.pcap`. */
export function withoutCommon(names: readonly string[]): string[] {
  const [first = ''] = names
  let common = 0
  for (let at = 0; at < first.length; at++) {
    if (!names.every((name) => name[at] === first[at])) break
    if (/[./_-]/.test(first[at]!)) common = at + 1
  }
  return common === 0 ? [...names] : names.map((name) => `…${name.slice(common)}`)
}
