import type { Side } from '../rule.js'

/** How remedy lines name who has to make the change. */
const PLACES: readonly (readonly [beginning: RegExp, side: Side])[] = [
  [/^(?:or )?(?:in|on|with) the client\b(?!'s)/, 'client'],
  [/^(?:or )?(?:in|on) the client's (?:firewall|NAT|router|network)/, 'client-network'],
  [/^(?:or )?in the firewall of the server host\b/, 'server'],
  [/^(?:or )?on the server\b(?!'s)/, 'server'],
  [/^(?:or )?on the (?:container host|NAT in front of it)\b/, 'server-network'],
  [/^(?:or )?(?:in|on) (?:the|every) firewalls? (?:and NAT )?in front of (?:it|the server)/, 'server-network'],
  [/^(?:or )?(?:in|on) (?:the|every) firewalls? in front of the client/, 'client-network'],
  [
    /^(?:or )?(?:on the middlebox|on the path|in the firewalls and NATs on the path|in the firewalls on the way)/,
    'path',
  ],
]

/** Who has to make a change, by the words with which its line begins; `null` if it names nobody. */
export function addresseeOf(line: string): Side | null {
  return PLACES.find(([beginning]) => beginning.test(line))?.[1] ?? null
}

/** The side that a list of remedies is headed with: that of the first line, otherwise that of its finding. */
export function headedSide({ side, remedy: [first] }: { side: Side; remedy: readonly string[] }): Side {
  return (first === undefined ? null : addresseeOf(first)) ?? side
}
