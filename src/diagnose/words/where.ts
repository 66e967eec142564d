import type { PacketName, Where, Whereabouts } from '../places/whereabouts.js'

/** Where a packet went, in one sentence. */
export function whereSentence(where: Whereabouts): string {
  const { kind, sender, here, there, thereFrame } = where
  const packet = packetWords(where)
  switch (kind) {
    case 'lost':
      return `${capital(packet)} ${leftWords(here, sender)} and never reached ${nameWords(there)}: dropped between the two captures.`
    case 'answer-lost':
      return `${capital(packet)} ${leftWords(here, sender)} and never came back to ${nameWords(there)}: dropped between the two captures.`
    case 'injected':
      return (
        `${capital(packet)} in ${here.file} (#${here.frame}) never passed ${nameWords(there)}: ` +
        'a device between the two captures sent it.'
      )
    case 'changed':
      return (
        `${capital(packet)} passed ${here.file} (#${here.frame}) and was changed before ${there.file} (#${thereFrame}): ` +
        'a device between the two captures rewrote it.'
      )
    case 'arrived': {
      const end = here.at === 'unknown' || here.at === 'middle' ? here.file : `the ${here.at} (${here.file}`
      return `${capital(packet)} reached ${end === here.file ? `${here.file} (` : `${end} `}#${here.frame}), where nothing answers it.`
    }
  }
}

function leftWords({ at, file, frame }: Where, sender: Whereabouts['sender']): string {
  return at === sender ? `left the ${sender} (${file} #${frame})` : `passed ${file} (#${frame})`
}

function nameWords({ at, file }: Pick<Where, 'at' | 'file'>): string {
  return at === 'client' || at === 'server' ? `the ${at} (${file})` : file
}

function packetWords({ sender, packet, kind }: Whereabouts): string {
  if (sender === 'network') return 'the ICMP error'
  const whose = kind === 'injected' ? `the ${sender}'s alleged` : `the ${sender}'s`
  return `${whose} ${nameOfPacket(packet)}`
}

function nameOfPacket(packet: PacketName): string {
  switch (packet.kind) {
    case 'SYN':
      return `SYN to port ${packet.port}`
    case 'SYN,ACK':
      return `SYN,ACK from port ${packet.port}`
    case 'command':
      return packet.verb
    case 'reply':
      return `reply ${packet.code}`
    case 'data':
      return `segment of ${packet.bytes} bytes`
    default:
      return packet.kind
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
