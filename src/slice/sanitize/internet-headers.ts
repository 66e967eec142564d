import { nextOption, optionLength } from '../../wire/option-list.js'
import { IpProtocol } from '../../wire/ip-protocol.js'
import type { FrameDraft } from './frame-draft.js'

const IPV4_HEADER = 20
const IPV6_HEADER = 40
const TCP_HEADER = 20
const NO_OPERATION = 1
/** Options of TCP that are numbers of the connection: size, window, SACK, timestamps, user timeout. */
const TCP_OPTIONS: ReadonlySet<number> = new Set([2, 3, 4, 5, 8, 28])
const IPV6_ADDRESS = 16
const ROUTING_HEADER = 8

/** An IPv4 header from `at` up to `end`: addresses are mapped, options made idle. */
export function ipv4Header(draft: FrameDraft, at: number, end: number): void {
  draft.keep(at, at + 12)
  draft.address(at + 12, 4)
  draft.address(at + 16, 4)
  for (let option = at + IPV4_HEADER; option < end; option++)
    draft.after[option] = draft.before[option] === 0 ? 0 : NO_OPERATION
  draft.checksum(at + 10, [[at, end]])
}

/** An IPv6 header with its extension headers up to `end`: of options only kinds and lengths stay. */
export function ipv6Headers(draft: FrameDraft, at: number, end: number): void {
  const { before } = draft
  draft.keep(at, at + 8)
  draft.address(at + 8, IPV6_ADDRESS)
  draft.address(at + 24, IPV6_ADDRESS)
  let header = at + IPV6_HEADER
  for (let next = before[at + 6]!; header + 8 <= end;) {
    const units = before[header + 1]!
    const length =
      next === IpProtocol.Ipv6Fragment
        ? 8
        : next === IpProtocol.AuthenticationHeader
          ? (units + 2) << 2
          : (units + 1) << 3
    const headerEnd = Math.min(end, header + length)
    draft.keep(header, header + 2)
    if (next === IpProtocol.Ipv6Fragment) draft.keep(header, headerEnd)
    else if (next === IpProtocol.Ipv6Routing) {
      draft.keep(header, Math.min(headerEnd, header + ROUTING_HEADER))
      for (let each = header + ROUTING_HEADER; each + IPV6_ADDRESS <= headerEnd; each += IPV6_ADDRESS)
        draft.address(each, IPV6_ADDRESS)
    } else if (next === IpProtocol.HopByHopOptions || next === IpProtocol.DestinationOptions)
      ipv6Options(draft, header + 2, headerEnd)
    next = before[header]!
    header = headerEnd
  }
}

const PAD_1 = 0
const PAD_N = 1
const JUMBO_PAYLOAD = 0xc2
const ROUTER_ALERT = 5

/** Options that are numbers stay; others become padding. */
function ipv6Options(draft: FrameDraft, from: number, to: number): void {
  const { before, after } = draft
  for (let at = from; at < to;) {
    const kind = before[at]!
    if (kind === PAD_1) {
      at++
      continue
    }
    const end = Math.min(to, at + 2 + (before[at + 1] ?? 0))
    draft.keep(at, at + 2)
    if (kind === JUMBO_PAYLOAD || kind === ROUTER_ALERT) draft.keep(at, end)
    else after[at] = PAD_N
    at = end
  }
}

/** A TCP header from `at` up to `end`, without options of unknown kinds. */
export function tcpHeader(draft: FrameDraft, at: number, end: number): void {
  const { before, after } = draft
  draft.keep(at, Math.min(end, at + TCP_HEADER))
  const options = at + TCP_HEADER
  if (options >= end) return
  draft.keep(options, end)
  for (let option = nextOption(before, options, end); option >= 0;) {
    const length = optionLength(before, option, end)
    if (length === 0) {
      // Cut off, or malformed: the kind and the length are not secret.
      after.fill(0, option + 2, end)
      return
    }
    if (!TCP_OPTIONS.has(before[option]!)) after.fill(NO_OPERATION, option, option + length)
    const next = nextOption(before, option + length, end)
    if (next < 0) {
      clearAfterOptions(draft, option + length, end)
      return
    }
    option = next
  }
}

/** What follows the end of the options is padding, whatever it says. */
function clearAfterOptions({ before, after }: FrameDraft, from: number, end: number): void {
  for (let at = from; at < end; at++) after[at] = before[at] === NO_OPERATION ? NO_OPERATION : 0
}
