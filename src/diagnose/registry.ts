import type { CaptureRule } from './capture/capture-rule.js'
import type { Rule } from './rule.js'
import { activeAddressMismatch } from './rules/active/active-address-mismatch.js'
import { activeNotAttempted } from './rules/active/active-not-attempted.js'
import { activePortRefused } from './rules/active/active-port-refused.js'
import { activePortUnanswered } from './rules/active/active-port-unanswered.js'
import { activePortUnreachable } from './rules/active/active-port-unreachable.js'
import { activePrivateAddress } from './rules/active/active-private-address.js'
import { activeRejected } from './rules/active/active-rejected.js'
import { activeSourceAddress } from './rules/active/active-source-address.js'
import { activeSourcePort } from './rules/active/active-source-port.js'
import { activeTupleReuse } from './rules/active/active-tuple-reuse.js'
import { addressTranslated } from './rules/middleboxes/address-translated.js'
import { announcementFamilyMismatch } from './rules/passive/announcement-family-mismatch.js'
import { announcementMalformed } from './rules/passive/announcement-malformed.js'
import { announcementRewritten } from './rules/middleboxes/announcement-rewritten.js'
import { announcementSwallowed } from './rules/middleboxes/announcement-swallowed.js'
import { asciiModeDamage } from './rules/transfers/ascii-mode-damage.js'
import { bruteForce } from './rules/security/brute-force.js'
import { captureDuplicates } from './rules/capture/capture-duplicates.js'
import { captureEndsInside } from './rules/capture/capture-ends-inside.js'
import { captureFilterSuspected } from './rules/capture/capture-filter-suspected.js'
import { captureIncompleteFile } from './rules/capture/capture-incomplete-file.js'
import { captureLoss } from './rules/capture/capture-loss.js'
import { captureOneSided } from './rules/capture/capture-one-sided.js'
import { captureSnapLength } from './rules/capture/capture-snap-length.js'
import { captureStartsInside } from './rules/capture/capture-starts-inside.js'
import { cleartextCredentials } from './rules/security/cleartext-credentials.js'
import { commandUnanswered } from './rules/control/command-unanswered.js'
import { connectionLimit } from './rules/control/connection-limit.js'
import { controlHandshakeIncomplete } from './rules/control/control-handshake-incomplete.js'
import { controlIdleDropped } from './rules/control/control-idle-dropped.js'
import { controlRefused } from './rules/control/control-refused.js'
import { controlReset } from './rules/control/control-reset.js'
import { controlUnanswered } from './rules/control/control-unanswered.js'
import { controlUnreachable } from './rules/control/control-unreachable.js'
import { dataConnectionHijack } from './rules/security/data-connection-hijack.js'
import { dataPeerMismatch } from './rules/passive/data-peer-mismatch.js'
import { dataSetupMissing } from './rules/transfers/data-setup-missing.js'
import { earlyCompletion } from './rules/transfers/early-completion.js'
import { extendedPassiveBlocked } from './rules/passive/extended-passive-blocked.js'
import { extendedPassiveUnsupported } from './rules/passive/extended-passive-unsupported.js'
import { greetingDelayed } from './rules/control/greeting-delayed.js'
import { greetingMissing } from './rules/control/greeting-missing.js'
import { idleTimeout } from './rules/control/idle-timeout.js'
import { loadBalancerSplit } from './rules/passive/load-balancer-split.js'
import { loginRejected } from './rules/control/login-rejected.js'
import { notFtp } from './rules/control/not-ftp.js'
import { packetLoss } from './rules/transfers/packet-loss.js'
import { passiveAddressMismatch } from './rules/passive/passive-address-mismatch.js'
import { passiveNotAttempted } from './rules/passive/passive-not-attempted.js'
import { passivePortOutlier } from './rules/passive/passive-port-outlier.js'
import { passivePortRefused } from './rules/passive/passive-port-refused.js'
import { passivePortUnanswered } from './rules/passive/passive-port-unanswered.js'
import { passivePortUnreachable } from './rules/passive/passive-port-unreachable.js'
import { passivePrivateAddress } from './rules/passive/passive-private-address.js'
import { passivePublicAddressInside } from './rules/passive/passive-public-address-inside.js'
import { passiveRejected } from './rules/passive/passive-rejected.js'
import { passiveUnusableAddress } from './rules/passive/passive-unusable-address.js'
import { pathMtuBlackhole } from './rules/transfers/path-mtu-blackhole.js'
import { portBounce } from './rules/security/port-bounce.js'
import { protectionMismatch } from './rules/ftps/protection-mismatch.js'
import { serviceUnavailable } from './rules/control/service-unavailable.js'
import { storageFull } from './rules/transfers/storage-full.js'
import { tlsCloseMissing } from './rules/ftps/tls-close-missing.js'
import { tlsCommandInjection } from './rules/security/tls-command-injection.js'
import { tlsDowngrade } from './rules/security/tls-downgrade.js'
import { tlsHandshakeFailed } from './rules/control/tls-handshake-failed.js'
import { tlsHidesAnnouncement } from './rules/ftps/tls-hides-announcement.js'
import { tlsInterference } from './rules/control/tls-interference.js'
import { tlsModeMismatch } from './rules/control/tls-mode-mismatch.js'
import { tlsRequired } from './rules/control/tls-required.js'
import { tlsSessionReuseRequired } from './rules/ftps/tls-session-reuse-required.js'
import { trackerPrediction } from './rules/middleboxes/tracker-prediction.js'
import { transferAborted } from './rules/transfers/transfer-aborted.js'
import { transferIncomplete } from './rules/transfers/transfer-incomplete.js'
import { transferRefused } from './rules/transfers/transfer-refused.js'
import { transferReset } from './rules/transfers/transfer-reset.js'
import { transferSlow } from './rules/transfers/transfer-slow.js'
import { transferStalled } from './rules/transfers/transfer-stalled.js'
import { transferUnconfirmed } from './rules/transfers/transfer-unconfirmed.js'
import { zeroWindow } from './rules/transfers/zero-window.js'

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
