/** Every rule by the id of its finding; order and groups are the catalogue's. */
import { FINDING_IDS, type FindingId } from '../catalogue.js'
import type { CaptureRule } from '../capture/capture-rule.js'
import type { Rule, Texts } from '../rule.js'
import { activeAddressMismatch } from './active/active-address-mismatch.js'
import { activeNotAttempted } from './active/active-not-attempted.js'
import { activePortRefused } from './active/active-port-refused.js'
import { activePortUnanswered } from './active/active-port-unanswered.js'
import { activePortUnreachable } from './active/active-port-unreachable.js'
import { activePrivateAddress } from './active/active-private-address.js'
import { activeRejected } from './active/active-rejected.js'
import { activeSourceAddress } from './active/active-source-address.js'
import { activeSourcePort } from './active/active-source-port.js'
import { activeTupleReuse } from './active/active-tuple-reuse.js'
import { captureDuplicates } from './capture/capture-duplicates.js'
import { captureEndsInside } from './capture/capture-ends-inside.js'
import { captureFilterSuspected } from './capture/capture-filter-suspected.js'
import { captureIncompleteFile } from './capture/capture-incomplete-file.js'
import { captureLoss } from './capture/capture-loss.js'
import { captureOneSided } from './capture/capture-one-sided.js'
import { captureSnapLength } from './capture/capture-snap-length.js'
import { captureStartsInside } from './capture/capture-starts-inside.js'
import { sessionSnapLength } from './capture/session-snap-length.js'
import { commandUnanswered } from './control/command-unanswered.js'
import { connectionLimit } from './control/connection-limit.js'
import { controlHandshakeIncomplete } from './control/control-handshake-incomplete.js'
import { controlIdleDropped } from './control/control-idle-dropped.js'
import { controlRefused } from './control/control-refused.js'
import { controlReset } from './control/control-reset.js'
import { controlUnanswered } from './control/control-unanswered.js'
import { controlUnreachable } from './control/control-unreachable.js'
import { greetingDelayed } from './control/greeting-delayed.js'
import { greetingMalformed } from './control/greeting-malformed.js'
import { greetingMissing } from './control/greeting-missing.js'
import { idleTimeout } from './control/idle-timeout.js'
import { lineEndMalformed } from './control/line-end-malformed.js'
import { loginIncomplete } from './control/login-incomplete.js'
import { loginRejected } from './control/login-rejected.js'
import { notFtp } from './control/not-ftp.js'
import { proxyProtocolHeader } from './control/proxy-protocol-header.js'
import { replyOutOfStep } from './control/reply-out-of-step.js'
import { serviceUnavailable } from './control/service-unavailable.js'
import { sessionTimeout } from './control/session-timeout.js'
import { tlsHandshakeFailed } from './control/tls-handshake-failed.js'
import { tlsInterference } from './control/tls-interference.js'
import { tlsModeMismatch } from './control/tls-mode-mismatch.js'
import { tlsRequired } from './control/tls-required.js'
import { tlsUnavailable } from './control/tls-unavailable.js'
import { protectionMismatch } from './ftps/protection-mismatch.js'
import { tlsCertificateDiffers } from './ftps/tls-certificate-differs.js'
import { tlsCertificateExpired } from './ftps/tls-certificate-expired.js'
import { tlsCertificateName } from './ftps/tls-certificate-name.js'
import { tlsCertificateUntrusted } from './ftps/tls-certificate-untrusted.js'
import { tlsCloseMissing } from './ftps/tls-close-missing.js'
import { tlsHidesAnnouncement } from './ftps/tls-hides-announcement.js'
import { tlsSessionReuseRequired } from './ftps/tls-session-reuse-required.js'
import { asymmetricRoute } from './middleboxes/asymmetric-route.js'
import { announcementRewrittenWrongly } from './middleboxes/announcement-rewritten-wrongly.js'
import { sequenceNumbersUncorrected } from './middleboxes/sequence-numbers-uncorrected.js'
import { translatorMappingExpired } from './middleboxes/translator-mapping-expired.js'
import { tcpRelayed } from './middleboxes/tcp-relayed.js'
import { tlsWeak } from './ftps/tls-weak.js'
import { addressTranslated } from './middleboxes/address-translated.js'
import { announcementRewritten } from './middleboxes/announcement-rewritten.js'
import { announcementSwallowed } from './middleboxes/announcement-swallowed.js'
import { trackerPrediction } from './middleboxes/tracker-prediction.js'
import { announcementFamilyMismatch } from './passive/announcement-family-mismatch.js'
import { announcementMalformed } from './passive/announcement-malformed.js'
import { dataPeerMismatch } from './passive/data-peer-mismatch.js'
import { extendedPassiveBlocked } from './passive/extended-passive-blocked.js'
import { extendedPassiveUnsupported } from './passive/extended-passive-unsupported.js'
import { loadBalancerSplit } from './passive/load-balancer-split.js'
import { passiveAddressMismatch } from './passive/passive-address-mismatch.js'
import { passiveNotAttempted } from './passive/passive-not-attempted.js'
import { passivePortOutlier } from './passive/passive-port-outlier.js'
import { passivePortRefused } from './passive/passive-port-refused.js'
import { passivePortUnanswered } from './passive/passive-port-unanswered.js'
import { passivePortUnreachable } from './passive/passive-port-unreachable.js'
import { passivePrivateAddress } from './passive/passive-private-address.js'
import { passivePublicAddressInside } from './passive/passive-public-address-inside.js'
import { passiveRejected } from './passive/passive-rejected.js'
import { passiveUnusableAddress } from './passive/passive-unusable-address.js'
import { bruteForce } from './security/brute-force.js'
import { vsftpdBackdoor } from './security/vsftpd-backdoor.js'
import { cleartextCredentials } from './security/cleartext-credentials.js'
import { dataConnectionHijack } from './security/data-connection-hijack.js'
import { portBounce } from './security/port-bounce.js'
import { tlsCommandInjection } from './security/tls-command-injection.js'
import { tlsDowngrade } from './security/tls-downgrade.js'
import { asciiModeDamage } from './transfers/ascii-mode-damage.js'
import { dataConnectionUnused } from './transfers/data-connection-unused.js'
import { dataSetupMissing } from './transfers/data-setup-missing.js'
import { earlyCompletion } from './transfers/early-completion.js'
import { packetLoss } from './transfers/packet-loss.js'
import { pathMtuBlackhole } from './transfers/path-mtu-blackhole.js'
import { pathOutage } from './transfers/path-outage.js'
import { storageFull } from './transfers/storage-full.js'
import { transferAborted } from './transfers/transfer-aborted.js'
import { transferFailed } from './transfers/transfer-failed.js'
import { transferIncomplete } from './transfers/transfer-incomplete.js'
import { commandRefused } from './transfers/command-refused.js'
import { transferRefused } from './transfers/transfer-refused.js'
import { transferReset } from './transfers/transfer-reset.js'
import { transferSlow } from './transfers/transfer-slow.js'
import { transferStalled } from './transfers/transfer-stalled.js'
import { transferUnconfirmed } from './transfers/transfer-unconfirmed.js'
import { uploadEmpty } from './transfers/upload-empty.js'
import { zeroWindow } from './transfers/zero-window.js'

const CAPTURE_RULES_BY_ID = {
  'capture-incomplete-file': captureIncompleteFile,
  'capture-snap-length': captureSnapLength,
  'capture-duplicates': captureDuplicates,
} satisfies Partial<Record<FindingId, CaptureRule>>

export type CaptureFindingId = keyof typeof CAPTURE_RULES_BY_ID
export type SessionFindingId = Exclude<FindingId, CaptureFindingId>

const RULES_BY_ID = {
  'control-refused': controlRefused,
  'control-unanswered': controlUnanswered,
  'control-unreachable': controlUnreachable,
  'control-handshake-incomplete': controlHandshakeIncomplete,
  'greeting-missing': greetingMissing,
  'greeting-delayed': greetingDelayed,
  'greeting-malformed': greetingMalformed,
  'proxy-protocol-header': proxyProtocolHeader,
  'not-ftp': notFtp,
  'login-rejected': loginRejected,
  'login-incomplete': loginIncomplete,
  'tls-required': tlsRequired,
  'tls-unavailable': tlsUnavailable,
  'tls-mode-mismatch': tlsModeMismatch,
  'tls-handshake-failed': tlsHandshakeFailed,
  'tls-interference': tlsInterference,
  'connection-limit': connectionLimit,
  'idle-timeout': idleTimeout,
  'session-timeout': sessionTimeout,
  'control-reset': controlReset,
  'control-idle-dropped': controlIdleDropped,
  'reply-out-of-step': replyOutOfStep,
  'line-end-malformed': lineEndMalformed,
  'command-unanswered': commandUnanswered,
  'service-unavailable': serviceUnavailable,
  'passive-private-address': passivePrivateAddress,
  'passive-unusable-address': passiveUnusableAddress,
  'passive-address-mismatch': passiveAddressMismatch,
  'passive-public-address-inside': passivePublicAddressInside,
  'passive-port-unanswered': passivePortUnanswered,
  'passive-port-refused': passivePortRefused,
  'passive-port-unreachable': passivePortUnreachable,
  'passive-not-attempted': passiveNotAttempted,
  'passive-rejected': passiveRejected,
  'extended-passive-blocked': extendedPassiveBlocked,
  'extended-passive-unsupported': extendedPassiveUnsupported,
  'passive-port-outlier': passivePortOutlier,
  'data-peer-mismatch': dataPeerMismatch,
  'load-balancer-split': loadBalancerSplit,
  'announcement-malformed': announcementMalformed,
  'announcement-family-mismatch': announcementFamilyMismatch,
  'active-private-address': activePrivateAddress,
  'active-address-mismatch': activeAddressMismatch,
  'active-rejected': activeRejected,
  'active-port-unanswered': activePortUnanswered,
  'active-port-refused': activePortRefused,
  'active-port-unreachable': activePortUnreachable,
  'active-not-attempted': activeNotAttempted,
  'active-source-port': activeSourcePort,
  'active-source-address': activeSourceAddress,
  'active-tuple-reuse': activeTupleReuse,
  'tls-certificate-expired': tlsCertificateExpired,
  'tls-certificate-name': tlsCertificateName,
  'tls-certificate-untrusted': tlsCertificateUntrusted,
  'tls-certificate-differs': tlsCertificateDiffers,
  'tls-hides-announcement': tlsHidesAnnouncement,
  'tls-session-reuse-required': tlsSessionReuseRequired,
  'protection-mismatch': protectionMismatch,
  'tls-close-missing': tlsCloseMissing,
  'tls-weak': tlsWeak,
  'path-mtu-blackhole': pathMtuBlackhole,
  'path-outage': pathOutage,
  'storage-full': storageFull,
  'transfer-stalled': transferStalled,
  'transfer-reset': transferReset,
  'transfer-aborted': transferAborted,
  'transfer-incomplete': transferIncomplete,
  'transfer-failed': transferFailed,
  'transfer-unconfirmed': transferUnconfirmed,
  'upload-empty': uploadEmpty,
  'transfer-refused': transferRefused,
  'command-refused': commandRefused,
  'transfer-slow': transferSlow,
  'packet-loss': packetLoss,
  'zero-window': zeroWindow,
  'ascii-mode-damage': asciiModeDamage,
  'data-connection-unused': dataConnectionUnused,
  'data-setup-missing': dataSetupMissing,
  'early-completion': earlyCompletion,
  'announcement-swallowed': announcementSwallowed,
  'announcement-rewritten': announcementRewritten,
  'address-translated': addressTranslated,
  'sequence-numbers-uncorrected': sequenceNumbersUncorrected,
  'announcement-rewritten-wrongly': announcementRewrittenWrongly,
  'translator-mapping-expired': translatorMappingExpired,
  'asymmetric-route': asymmetricRoute,
  'tcp-relayed': tcpRelayed,
  'tracker-prediction': trackerPrediction,
  'cleartext-credentials': cleartextCredentials,
  'port-bounce': portBounce,
  'data-connection-hijack': dataConnectionHijack,
  'brute-force': bruteForce,
  'vsftpd-backdoor': vsftpdBackdoor,
  'tls-command-injection': tlsCommandInjection,
  'tls-downgrade': tlsDowngrade,
  'capture-loss': captureLoss,
  'capture-one-sided': captureOneSided,
  'capture-starts-inside': captureStartsInside,
  'capture-ends-inside': captureEndsInside,
  'capture-filter-suspected': captureFilterSuspected,
} satisfies Record<SessionFindingId, Rule>

export type FactOfRule<R> = R extends { texts: Texts<infer F> } ? F : never

/** The fact of a finding, by its id. */
export type FactOf<Id extends FindingId> = Id extends SessionFindingId
  ? FactOfRule<(typeof RULES_BY_ID)[Id]>
  : Id extends CaptureFindingId
    ? FactOfRule<(typeof CAPTURE_RULES_BY_ID)[Id]>
    : never

/** Rules on sessions, in the order of the catalogue. */
export const RULES: readonly Rule[] = [
  ...FINDING_IDS.flatMap((id) => (id in CAPTURE_RULES_BY_ID ? [] : [RULES_BY_ID[id as SessionFindingId]])),
  // A finding on the capture as a whole that is repeated for each session that it keeps from being judged.
  sessionSnapLength,
]

/** Rules on the capture as a whole. */
export const CAPTURE_RULES: readonly CaptureRule[] = Object.values(CAPTURE_RULES_BY_ID)
