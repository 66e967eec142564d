import type { CaptureRule } from './capture-rule.js'
import type { Rule } from './rule.js'
import { activeAddressMismatch } from './rules/active-address-mismatch.js'
import { activeNotAttempted } from './rules/active-not-attempted.js'
import { activePortRefused } from './rules/active-port-refused.js'
import { activePortUnanswered } from './rules/active-port-unanswered.js'
import { activePortUnreachable } from './rules/active-port-unreachable.js'
import { activePrivateAddress } from './rules/active-private-address.js'
import { activeRejected } from './rules/active-rejected.js'
import { activeSourceAddress } from './rules/active-source-address.js'
import { activeSourcePort } from './rules/active-source-port.js'
import { activeTupleReuse } from './rules/active-tuple-reuse.js'
import { addressTranslated } from './rules/address-translated.js'
import { announcementFamilyMismatch } from './rules/announcement-family-mismatch.js'
import { announcementMalformed } from './rules/announcement-malformed.js'
import { announcementRewritten } from './rules/announcement-rewritten.js'
import { announcementSwallowed } from './rules/announcement-swallowed.js'
import { asciiModeDamage } from './rules/ascii-mode-damage.js'
import { bruteForce } from './rules/brute-force.js'
import { captureDuplicates } from './rules/capture-duplicates.js'
import { captureEndsInside } from './rules/capture-ends-inside.js'
import { captureFilterSuspected } from './rules/capture-filter-suspected.js'
import { captureIncompleteFile } from './rules/capture-incomplete-file.js'
import { captureLoss } from './rules/capture-loss.js'
import { captureOneSided } from './rules/capture-one-sided.js'
import { captureSnapLength } from './rules/capture-snap-length.js'
import { captureStartsInside } from './rules/capture-starts-inside.js'
import { cleartextCredentials } from './rules/cleartext-credentials.js'
import { commandUnanswered } from './rules/command-unanswered.js'
import { connectionLimit } from './rules/connection-limit.js'
import { controlHandshakeIncomplete } from './rules/control-handshake-incomplete.js'
import { controlIdleDropped } from './rules/control-idle-dropped.js'
import { controlRefused } from './rules/control-refused.js'
import { controlReset } from './rules/control-reset.js'
import { controlUnanswered } from './rules/control-unanswered.js'
import { controlUnreachable } from './rules/control-unreachable.js'
import { dataConnectionHijack } from './rules/data-connection-hijack.js'
import { dataPeerMismatch } from './rules/data-peer-mismatch.js'
import { dataSetupMissing } from './rules/data-setup-missing.js'
import { earlyCompletion } from './rules/early-completion.js'
import { extendedPassiveBlocked } from './rules/extended-passive-blocked.js'
import { extendedPassiveUnsupported } from './rules/extended-passive-unsupported.js'
import { greetingDelayed } from './rules/greeting-delayed.js'
import { greetingMissing } from './rules/greeting-missing.js'
import { idleTimeout } from './rules/idle-timeout.js'
import { loadBalancerSplit } from './rules/load-balancer-split.js'
import { loginRejected } from './rules/login-rejected.js'
import { notFtp } from './rules/not-ftp.js'
import { packetLoss } from './rules/packet-loss.js'
import { passiveAddressMismatch } from './rules/passive-address-mismatch.js'
import { passiveNotAttempted } from './rules/passive-not-attempted.js'
import { passivePortOutlier } from './rules/passive-port-outlier.js'
import { passivePortRefused } from './rules/passive-port-refused.js'
import { passivePortUnanswered } from './rules/passive-port-unanswered.js'
import { passivePortUnreachable } from './rules/passive-port-unreachable.js'
import { passivePrivateAddress } from './rules/passive-private-address.js'
import { passivePublicAddressInside } from './rules/passive-public-address-inside.js'
import { passiveRejected } from './rules/passive-rejected.js'
import { passiveUnusableAddress } from './rules/passive-unusable-address.js'
import { pathMtuBlackhole } from './rules/path-mtu-blackhole.js'
import { portBounce } from './rules/port-bounce.js'
import { protectionMismatch } from './rules/protection-mismatch.js'
import { serviceUnavailable } from './rules/service-unavailable.js'
import { storageFull } from './rules/storage-full.js'
import { tlsCloseMissing } from './rules/tls-close-missing.js'
import { tlsCommandInjection } from './rules/tls-command-injection.js'
import { tlsDowngrade } from './rules/tls-downgrade.js'
import { tlsHandshakeFailed } from './rules/tls-handshake-failed.js'
import { tlsHidesAnnouncement } from './rules/tls-hides-announcement.js'
import { tlsInterference } from './rules/tls-interference.js'
import { tlsModeMismatch } from './rules/tls-mode-mismatch.js'
import { tlsRequired } from './rules/tls-required.js'
import { tlsSessionReuseRequired } from './rules/tls-session-reuse-required.js'
import { trackerPrediction } from './rules/tracker-prediction.js'
import { transferAborted } from './rules/transfer-aborted.js'
import { transferIncomplete } from './rules/transfer-incomplete.js'
import { transferRefused } from './rules/transfer-refused.js'
import { transferReset } from './rules/transfer-reset.js'
import { transferSlow } from './rules/transfer-slow.js'
import { transferStalled } from './rules/transfer-stalled.js'
import { transferUnconfirmed } from './rules/transfer-unconfirmed.js'
import { zeroWindow } from './rules/zero-window.js'

/** Groups of the catalogue. */
export type Group =
  | 'Control connection'
  | 'Passive'
  | 'Active'
  | 'FTPS'
  | 'Transfers'
  | 'Boxes on the way'
  | 'Security'
  | 'Capture quality'

/** Every rule on sessions, in the order of the catalogue: among equals an earlier one names the cause. */
export const RULES_BY_GROUP: readonly (readonly [Group, readonly Rule[]])[] = [
  [
    'Control connection',
    [
      controlRefused,
      controlUnanswered,
      controlUnreachable,
      controlHandshakeIncomplete,
      greetingMissing,
      greetingDelayed,
      notFtp,
      loginRejected,
      tlsRequired,
      tlsModeMismatch,
      tlsHandshakeFailed,
      tlsInterference,
      connectionLimit,
      idleTimeout,
      controlReset,
      controlIdleDropped,
      commandUnanswered,
      serviceUnavailable,
    ],
  ],
  [
    'Passive',
    [
      passivePrivateAddress,
      passiveUnusableAddress,
      passiveAddressMismatch,
      passivePublicAddressInside,
      passivePortUnanswered,
      passivePortRefused,
      passivePortUnreachable,
      passiveNotAttempted,
      passiveRejected,
      extendedPassiveBlocked,
      extendedPassiveUnsupported,
      passivePortOutlier,
      dataPeerMismatch,
      loadBalancerSplit,
      announcementMalformed,
      announcementFamilyMismatch,
    ],
  ],
  [
    'Active',
    [
      activePrivateAddress,
      activeAddressMismatch,
      activeRejected,
      activePortUnanswered,
      activePortRefused,
      activePortUnreachable,
      activeNotAttempted,
      activeSourcePort,
      activeSourceAddress,
      activeTupleReuse,
    ],
  ],
  ['FTPS', [tlsHidesAnnouncement, tlsSessionReuseRequired, protectionMismatch, tlsCloseMissing]],
  [
    'Transfers',
    [
      pathMtuBlackhole,
      storageFull,
      transferStalled,
      transferReset,
      transferAborted,
      transferIncomplete,
      transferUnconfirmed,
      transferRefused,
      transferSlow,
      packetLoss,
      zeroWindow,
      asciiModeDamage,
      dataSetupMissing,
      earlyCompletion,
    ],
  ],
  ['Boxes on the way', [announcementSwallowed, announcementRewritten, addressTranslated, trackerPrediction]],
  ['Security', [cleartextCredentials, portBounce, dataConnectionHijack, bruteForce, tlsCommandInjection, tlsDowngrade]],
  ['Capture quality', [captureLoss, captureOneSided, captureStartsInside, captureEndsInside, captureFilterSuspected]],
]

export const RULES: readonly Rule[] = RULES_BY_GROUP.flatMap(([, rules]) => rules)

/** Rules on the capture as a whole; all are of the group Capture quality. */
export const CAPTURE_RULES: readonly CaptureRule[] = [captureIncompleteFile, captureSnapLength, captureDuplicates]
