import type { Connection } from '../../tcp/connection.js'
import type { Survey, Tried } from './initiator-survey.js'
import { isBare, isRaw, type ProbeSign } from './probe-sign.js'

/** Ports of one host, or control ports of so many hosts: a scanner, if its SYNs are not those of a system's own TCP. */
const RAW = { ports: 5, hosts: 6 }
/** If its SYNs are like a system's. */
const SYSTEMS = { ports: 10, hosts: 12 }
/** If they have no options and a small window, as those of no system. */
const BARE = { ports: 3, hosts: 3 }
/** With so many it certainly is one. */
const SURE = { ports: 50, hosts: 50 }
/** What a known scanner does has to look like more of it. */
const MORE = { ports: 3, hosts: 3 }
/** SYNs of one connection that a scanner sends, if it leaves retransmission to its system. */
const IMPATIENT = 2
/** A client that fails to connect to some hosts has a dialogue with others; a scanner finds few. */
const FAILURES_PER_DIALOGUE = 4
/** A client whose SYNs look raw, too, has tried a port so often. */
const PERSISTENT = 3

/** What is known of a control connection without a user's dialogue, and of its client. */
export interface Suspect {
  control: Connection
  sign: ProbeSign
  /** The client has scanned before: with SYNs like a system's, or with raw packets only. */
  known: 'system' | 'raw' | null
  survey: Survey
}

/** The client scans, or does not; `unclear` while it may go on. `final`: no more will be known. */
export function judgeClient({ control, sign, known, survey }: Suspect, final: boolean): 'scan' | 'session' | 'unclear' {
  const { technique, strength } = sign
  // A system retransmits a SYN for minutes; a scanner that uses it gives up soon.
  const isWeak = strength === 'weak'
  if (isWeak && control.synAttempts > IMPATIENT) return 'session'
  if (known && technique !== 'syn') return 'scan'
  if (technique === 'ack' || technique === 'fin' || isRaw(control)) {
    if (known && reaches(survey.all, MORE)) return 'scan'
    if (!isWeak && reaches(survey.all, technique === 'syn' && isBare(control) ? BARE : RAW)) return 'scan'
    return survey.again >= PERSISTENT ? 'session' : 'unclear'
  }
  if (survey.again > 1) return 'session'
  const tried = isClient(survey) ? { ...survey.once, controlHosts: 0 } : survey.once
  if (known === 'system' && reaches(tried, MORE)) return 'scan'
  if (isWeak) return 'unclear'
  return reaches(tried, SURE) || (final && reaches(tried, SYSTEMS)) ? 'scan' : 'unclear'
}

/** Its connections need no more be looked through. */
export function isSureScanner({ all, once, dialogues }: Survey, known: Suspect['known']): boolean {
  return known === 'raw' ? reaches(all, SURE) : reaches(once, SURE) && !isClient({ once, dialogues })
}

function isClient({ once, dialogues }: Pick<Survey, 'once' | 'dialogues'>): boolean {
  return dialogues * FAILURES_PER_DIALOGUE > once.controlHosts
}

function reaches({ controlHosts, mostPorts }: Tried, { ports, hosts }: { ports: number; hosts: number }): boolean {
  return mostPorts >= ports || controlHosts >= hosts
}
