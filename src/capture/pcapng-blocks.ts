/** Block types of pcapng (draft-ietf-opsawg-pcapng §4 and its registry). */
export const BlockType = {
  Interface: 1,
  /** Obsolete Packet Block. */
  Packet: 2,
  SimplePacket: 3,
  NameResolution: 4,
  InterfaceStatistics: 5,
  EnhancedPacket: 6,
  JournalExport: 9,
  DecryptionSecrets: 10,
  SysdigEvent: 0x204,
  SysdigEvent2: 0x216,
  SysdigEvent2Large: 0x221,
  Custom: 0xbad,
  CustomNotCopied: 0x40000bad,
  SectionHeader: 0x0a0d0d0a,
} as const

/** Rounded up to the 32-bit boundary to which pcapng pads. */
export function roundUp(length: number): number {
  return length + (-length & 3)
}

/** Bytes of a block outside its body: type and length before, length after it. */
export const BLOCK_FRAME = 12

/** Blocks without a packet that Wireshark shows as a frame: they take a frame number and are otherwise skipped. */
export function takesFrameNumber(type: number): boolean {
  switch (type) {
    case BlockType.JournalExport:
    case BlockType.SysdigEvent:
    case BlockType.SysdigEvent2:
    case BlockType.SysdigEvent2Large:
    case BlockType.Custom:
    case BlockType.CustomNotCopied:
      return true
    default:
      return false
  }
}

/** Minimum length of the body of a block of this type. */
export function leastBody(type: number): number {
  switch (type) {
    case BlockType.Packet:
    case BlockType.EnhancedPacket:
      return 20
    case BlockType.SectionHeader:
      return 16
    case BlockType.Interface:
    case BlockType.DecryptionSecrets:
      return 8
    case BlockType.InterfaceStatistics:
      return 12
    case BlockType.SimplePacket:
    case BlockType.Custom:
    case BlockType.CustomNotCopied:
      return 4
    default:
      return 0
  }
}
