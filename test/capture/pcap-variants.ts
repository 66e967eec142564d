import type { PcapOptions } from './build.js'

/** The variants of pcap that Wireshark reads besides the ordinary one, as the options that write them. */
export const VARIANTS: Readonly<Record<string, { options: PcapOptions; unit: 1 | 1000 }>> = {
  'ss990417, Red Hat 6.1': { options: { extra: interfaceFields(2, 0x0800, 0) }, unit: 1000 },
  'ss990417 with all fields at their limits': { options: { extra: interfaceFields(9999, 0x0017, 4) }, unit: 1000 },
  'ss990417 of zeros': { options: { extra: 8 }, unit: 1000 },
  ss991029: { options: { magic: 0xa1b2cd34, extra: interfaceFields(3, 0x86dd, 4) }, unit: 1000 },
  'ss990915, SuSE 6.3': {
    options: { magic: 0xa1b2cd34, extra: Uint8Array.of(...interfaceFields(1, 0x0800, 0), 0xff, 0xff, 0xff, 0xff) },
    unit: 1000,
  },
  'Nokia IPSO': { options: { extra: Uint8Array.of(0x01, 0xb6, 0xbf, 0x9f) }, unit: 1000 },
  'Nokia IPSO, the other bits': { options: { extra: Uint8Array.of(0x02, 0xd9, 0xbf, 0xbf) }, unit: 1000 },
  'AIX, Ethernet': { options: { minor: 2, network: 6 }, unit: 1 },
  'Ixia hardware': { options: { magic: 0x1c0001ac, afterHeader: Uint8Array.of(9, 9, 9, 9) }, unit: 1 },
  'Ixia software': { options: { magic: 0x1c0001ab, afterHeader: Uint8Array.of(9, 9, 9, 9) }, unit: 1000 },
}

/** Interface index, protocol, packet type and a byte of padding with any content; little-endian. */
function interfaceFields(index: number, protocol: number, type: number): Uint8Array {
  return Uint8Array.of(index & 255, index >> 8, 0, 0, protocol & 255, protocol >> 8, type, 0xee)
}
