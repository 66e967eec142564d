import type { Template } from './template.js'
import type { Occasion, Verb } from './texts/server-texts.js'

/** A command that waits for its reply. */
export interface Pending {
  occasion: Occasion
  /** Index of its record; -1 for the greeting. */
  record: number
  /** Bytes of that record that are another command, which follows it. */
  others: number
  /** Its 1yz reply was sent. */
  running: boolean
  /** A reply that was sent in part: the lines up to here. */
  open: { template: Template; line: number } | null
}

/** How far a dialogue has come. */
export interface State {
  login: 'none' | 'named' | 'accepted'
  pending: readonly Pending[]
  /** The client's last command, and the index of its record; `null` and -1 before the first. */
  last: Verb | null
  lastRecord: number
  /** Index of USER's record; -1 without one. */
  userRecord: number
  /** What is known of the next data connection. */
  data: 'none' | 'passive' | 'active' | 'connected'
  /** The verb of the last announcement that was accepted: most clients keep to it. */
  announced: Verb | null
  /** The server said 421: nothing follows. */
  over: boolean
  /** Session tickets of TLS 1.3 may come: the length of the last, 0 without one; `null` once a reply was sent. */
  ticket: number | null
}

/** The state in which TLS begins: `greeting` where the server has to speak first (implicit TLS). */
export function initialState(greeting: boolean, tickets: boolean): State {
  return {
    login: 'none',
    pending: greeting ? [{ occasion: 'GREETING', record: -1, others: 0, running: false, open: null }] : [],
    last: null,
    lastRecord: -1,
    userRecord: -1,
    data: 'none',
    announced: null,
    over: false,
    ticket: tickets ? 0 : null,
  }
}

/** Whether states differ in nothing that matters: of records, only that of USER does. */
export function isSame(one: State, other: State): boolean {
  return (
    one.last === other.last &&
    one.data === other.data &&
    one.announced === other.announced &&
    one.login === other.login &&
    one.userRecord === other.userRecord &&
    one.over === other.over &&
    one.ticket === other.ticket &&
    arePending(one.pending, other.pending)
  )
}

function arePending(ones: readonly Pending[], others: readonly Pending[]): boolean {
  if (ones.length !== others.length) return false
  for (let index = 0; index < ones.length; index++) {
    const [one, other] = [ones[index]!, others[index]!]
    if (one.occasion !== other.occasion || one.running !== other.running) return false
    if (one.others > 0 !== other.others > 0 || !areOpen(one.open, other.open)) return false
  }
  return true
}

/** Two templates may be alike, if one is of any server. */
function areOpen(one: Pending['open'], other: Pending['open']): boolean {
  if (one === null || other === null) return one === other
  return (
    one.line === other.line && one.template.code === other.template.code && one.template.text === other.template.text
  )
}

export const TRANSFERS: ReadonlySet<Occasion> = new Set(['LIST', 'MLSD', 'NLST', 'RETR', 'STOR', 'APPE'])
export const UPLOADS: ReadonlySet<Occasion> = new Set(['STOR', 'APPE'])

/** A command with this verb waits; `null`: one that is not known. */
export function waiting(verb: Verb | null, record: number, others = 0): Pending {
  return { occasion: verb ?? 'OTHER', record, others, running: false, open: null }
}

/** The client sent a command; `null`: one that is not known. */
export function asked(state: State, verb: Verb | null, waits: Pending): State {
  const { login, pending, userRecord, data, announced, over, ticket } = state
  return {
    login,
    pending: [...pending, waits],
    last: verb,
    lastRecord: waits.record,
    userRecord: verb === 'USER' ? waits.record : userRecord,
    data,
    announced,
    over,
    ticket,
  }
}

const NONE: readonly Pending[] = []

/** The server completed a reply to the command that waits longest. */
export function answered(state: State, waits: Pending, { code }: Template): State {
  const { occasion, record, others } = waits
  if (code < 200) return withFirst(state, { occasion, record, others, running: true, open: null })
  const { pending, last, lastRecord, userRecord, over } = state
  return {
    login: loginAfter(state, occasion, code),
    pending: pending.length === 1 ? NONE : pending.slice(1),
    last,
    lastRecord,
    userRecord,
    data: dataAfter(state, waits, code),
    announced: announcedAfter(state, occasion, code),
    over: over || code === NOT_AVAILABLE,
    ticket: null,
  }
}

/** The server completed some lines of a reply to the command that waits longest. */
export function answeredInPart(state: State, waits: Pending, template: Template, line: number): State {
  const { occasion, record, others, running } = waits
  return withFirst(state, { occasion, record, others, running, open: { template, line } })
}

function withFirst(
  { login, pending, last, lastRecord, userRecord, data, announced, over }: State,
  first: Pending,
): State {
  const all = pending.slice()
  all[0] = first
  return { login, pending: all, last, lastRecord, userRecord, data, announced, over, ticket: null }
}

/** ABOR follows the command whose turn it is. */
export function isAborted({ pending }: State): boolean {
  return pending[1]?.occasion === 'ABOR'
}

/** The reply to ABOR came instead of one to the transfer that it ended (RFC 959 §4.1.3). */
export function answeredForBoth(state: State, label: Template): State {
  const [transfer, abort] = state.pending
  const ended: State = { ...state, pending: state.pending.slice(1), data: dataAfter(state, transfer!, label.code) }
  return answered(ended, abort!, label)
}

/** RFC 959 §5.4. */
const NOT_AVAILABLE = 421
export const ANNOUNCING: ReadonlySet<Occasion> = new Set(['PASV', 'EPSV', 'PORT', 'EPRT'])

function announcedAfter({ announced }: State, occasion: Occasion, code: number): State['announced'] {
  return ANNOUNCING.has(occasion) && code < 300 ? (occasion as Verb) : announced
}

function loginAfter({ login }: State, occasion: Occasion, code: number): State['login'] {
  if (occasion === 'USER') return code === 230 || code === 232 ? 'accepted' : code < 400 ? 'named' : login
  if (occasion === 'PASS' || occasion === 'ACCT')
    return code < 300 ? 'accepted' : code < 400 || login === 'accepted' ? login : 'none'
  return occasion === 'REIN' && code < 300 ? 'none' : login
}

function dataAfter({ data }: State, { occasion }: Pending, code: number): State['data'] {
  if (TRANSFERS.has(occasion)) return 'none'
  if (occasion === 'PASV' || occasion === 'EPSV') {
    if (code !== 227 && code !== 229) return 'none'
    return data === 'connected' ? data : 'passive'
  }
  if (occasion !== 'PORT' && occasion !== 'EPRT') return data
  return code !== 200 ? 'none' : data === 'connected' ? data : 'active'
}
