/**
 * The catalogue of findings: their groups, their ids, and their order. A group is a folder of `rules/`; an id names the
 * rule's file, its page in docs/findings and the JSON's `id`, and never changes. Among findings that explain an outcome
 * equally well, the earliest here is the cause.
 */
export const CATALOGUE = {
  'Control connection': [
    'control-refused',
    'control-unanswered',
    'control-unreachable',
    'control-handshake-incomplete',
    'greeting-missing',
    'greeting-delayed',
    'greeting-malformed',
    'proxy-protocol-header',
    'not-ftp',
    'login-rejected',
    'login-incomplete',
    'tls-required',
    'tls-unavailable',
    'tls-mode-mismatch',
    'tls-handshake-failed',
    'tls-interference',
    'connection-limit',
    'idle-timeout',
    'session-timeout',
    'control-reset',
    'control-idle-dropped',
    'reply-out-of-step',
    'line-end-malformed',
    'command-unanswered',
    'service-unavailable',
  ],
  Passive: [
    'passive-private-address',
    'passive-unusable-address',
    'passive-address-mismatch',
    'passive-public-address-inside',
    'passive-port-unanswered',
    'passive-port-refused',
    'passive-port-unreachable',
    'passive-not-attempted',
    'passive-rejected',
    'extended-passive-blocked',
    'extended-passive-unsupported',
    'passive-port-outlier',
    'data-peer-mismatch',
    'load-balancer-split',
    'announcement-malformed',
    'announcement-family-mismatch',
  ],
  Active: [
    'active-private-address',
    'active-address-mismatch',
    'active-rejected',
    'active-port-unanswered',
    'active-port-refused',
    'active-port-unreachable',
    'active-not-attempted',
    'active-source-port',
    'active-source-address',
    'active-tuple-reuse',
  ],
  FTPS: [
    'tls-certificate-expired',
    'tls-certificate-name',
    'tls-certificate-untrusted',
    'tls-certificate-differs',
    'tls-hides-announcement',
    'tls-session-reuse-required',
    'protection-mismatch',
    'tls-close-missing',
    'tls-weak',
  ],
  Transfers: [
    'path-mtu-blackhole',
    'path-outage',
    'storage-full',
    'data-connection-unused',
    'transfer-stalled',
    'transfer-reset',
    'transfer-aborted',
    'transfer-incomplete',
    'transfer-failed',
    'transfer-unconfirmed',
    'upload-empty',
    'transfer-refused',
    'command-refused',
    'transfer-slow',
    'packet-loss',
    'zero-window',
    'ascii-mode-damage',
    'data-setup-missing',
    'early-completion',
  ],
  Middleboxes: [
    'announcement-swallowed',
    'announcement-rewritten',
    'address-translated',
    'tracker-prediction',
    'sequence-numbers-uncorrected',
    'announcement-rewritten-wrongly',
    'translator-mapping-expired',
    'asymmetric-route',
    'tcp-relayed',
  ],
  Security: [
    'cleartext-credentials',
    'port-bounce',
    'data-connection-hijack',
    'brute-force',
    'vsftpd-backdoor',
    'tls-command-injection',
    'tls-downgrade',
  ],
  'Capture quality': [
    'capture-incomplete-file',
    'capture-snap-length',
    'capture-loss',
    'capture-one-sided',
    'capture-starts-inside',
    'capture-ends-inside',
    'capture-filter-suspected',
    'capture-duplicates',
  ],
} as const

export type Group = keyof typeof CATALOGUE
export type FindingId = (typeof CATALOGUE)[Group][number]

export const GROUPS = Object.keys(CATALOGUE) as Group[]
export const FINDING_IDS: readonly FindingId[] = GROUPS.flatMap((group) => CATALOGUE[group])

const groups = new Map<FindingId, Group>(GROUPS.flatMap((group) => CATALOGUE[group].map((id) => [id, group])))

export function groupOf(id: FindingId): Group {
  return groups.get(id)!
}
