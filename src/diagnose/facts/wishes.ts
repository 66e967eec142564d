/**
 * What the user set out for, and what of it the server refused for good. Clients send many commands by habit: to learn
 * whether a file exists, what the server supports, or whether a directory has to be created. What follows a refusal
 * tells these from what the user wanted.
 */
import type { DataChannel, Session } from '../../correlate/model.js'
import { isAnnouncing } from '../../ftp/announcements/announcements.js'
import { type Exchange, finalReply, type Reply } from '../../ftp/model.js'
import { isCompletion, isNotImplemented, isPositive, isRefusal } from '../../ftp/reply-codes.js'
import { listedPath, transferDirection } from '../../ftp/state/transfers.js'
import { WorkingDirectory } from '../../ftp/state/working-directory.js'
import { canonicalVerb } from '../../ftp/verbs.js'
import { means } from './phrases.js'

/** A refused command of which nothing later in the session shows that the user got it after all. */
export interface RefusedWish {
  exchange: Exchange
  reply: Reply
  /** The data channel that was opened for it; `null` without one. */
  channel: DataChannel | null
}

export interface Wishes {
  refused: readonly RefusedWish[]
  /** Transfers that completed, and commands that changed a file or directory. */
  achieved: number
  /** Time (ns) of the reply to the last of them; -1 where there is none. */
  achievedUntil: number
}

/** Commands that change a file or directory: their success is something that the user got. */
const CHANGES: ReadonlySet<string> = new Set([
  'MKD',
  'RMD',
  'RMDA',
  'DELE',
  'RNTO',
  'MFMT',
  'MFCT',
  'MFF',
  'SITE',
  'COMB',
])
/** Questions about a file, and preparations: wanted only if the client gave up on their refusal. */
const PROBES: ReadonlySet<string> = new Set([
  ...['SIZE', 'MDTM', 'MLST', 'STAT', 'RNFR', 'REST', 'ALLO', 'PRET', 'TYPE', 'MODE', 'STRU', 'PWD', 'CDUP', 'SMNT'],
  ...['HASH', 'MD5', 'XCRC', 'XMD5', 'XSHA', 'XSHA1', 'XSHA256', 'XSHA512'],
])
/** Of these, and of SITE, the argument is no path. */
const WITHOUT_PATH: ReadonlySet<string> = new Set(['SITE', 'REST', 'ALLO', 'TYPE', 'MODE', 'STRU', 'PWD', 'CDUP'])
/** Replies that concern the login, the order of commands, the session or the data connection, not this command. */
const ABOUT_SOMETHING_ELSE: ReadonlySet<number> = new Set([421, 425, 426, 503, 521, 522, 530, 533, 534, 536])
/** Most refusals of one session that are kept. */
const MOST = 256

/** A command in its place. */
interface Step {
  verb: string
  exchange: Exchange
  reply: Reply | null
  /** The path that it names, absolute where the working directory is known; `null` without one. */
  path: string | null
  succeeded: boolean
}

/** A refused step; `settled` once a later step shows that it was a probe, or that the user got it after all. */
interface Refused {
  step: Step & { reply: Reply }
  channel: DataChannel | null
  settled: boolean
}

/** The wishes of a session. */
export function wishesOf(session: Session): Wishes {
  const channels = new Map<Exchange, DataChannel>()
  for (const channel of session.channels) if (channel.transfer) channels.set(channel.transfer.command.exchange, channel)
  const pending: Refused[] = []
  const listed = new Set<string | null>()
  let achieved = 0
  let achievedUntil = -1
  for (const step of stepsOf(session, channels)) {
    if (step.succeeded && isAim(step)) {
      achieved++
      achievedUntil = Math.max(achievedUntil, step.reply?.time ?? -1)
    }
    if (step.succeeded && isListing(step.verb) && listed.size < MOST) listed.add(step.path)
    for (const open of pending) open.settled ||= settles(step, open.step)
    const channel = channels.get(step.exchange) ?? null
    const { reply } = step
    if (!reply || !isRefusal(reply.code) || ABOUT_SOMETHING_ELSE.has(reply.code)) continue
    if (channel ? channel.transfer!.outcome !== 'refused' : !isAim(step) && !isAttempt(step)) continue
    if (pending.length === MOST) continue
    // A client that takes an empty listing for a failure asks again in another way.
    const settled = foundNothing(step, reply) || (isListing(step.verb) && listed.has(step.path))
    pending.push({ step: { ...step, reply }, channel, settled })
  }
  const refused = pending
    .filter(({ step, settled }) => !settled && !(achieved > 0 && isUnsupported(step)))
    // A client that is still there may have asked by habit.
    .filter(({ step }) => !(session.cutOff && PROBES.has(step.verb)))
    .map(({ step: { exchange, reply }, channel }) => ({ exchange, reply, channel }))
  return { refused, achieved, achievedUntil }
}

function* stepsOf(session: Session, channels: ReadonlyMap<Exchange, DataChannel>): Generator<Step> {
  const place = new WorkingDirectory()
  for (const exchange of session.dialogue.exchanges) {
    if (exchange.command === null) continue
    const verb = canonicalVerb(exchange.command)
    const reply = finalReply(exchange)
    const outcome = channels.get(exchange)?.transfer?.outcome
    const succeeded = outcome ? outcome === 'completed' : reply !== null && isCompletion(reply.code)
    yield { verb, exchange, reply, path: pathOf(verb, exchange.argument, place), succeeded }
    if (reply) place.reply(exchange, reply)
  }
}

/** Options of LIST are left out, and what precedes the path: the time of MFMT and the like, the command of PRET. */
function pathOf(verb: string, argument: string | null, place: WorkingDirectory): string | null {
  if (WITHOUT_PATH.has(verb)) return null
  if (isListing(verb)) return place.resolve(listedPath(argument) ?? '')
  if (argument === null) return null
  return place.resolve(/^(?:MF(?:MT|CT|F)|PRET)$/.test(verb) ? argument.replace(/^\S{1,64} /, '') : argument)
}

/** The command is what a user wants: a file, a listing, a change. */
function isAim({ verb }: Step): boolean {
  return isFileTransfer(verb) || isListing(verb) || CHANGES.has(verb)
}

/** The command leads to what a user wants. */
function isAttempt({ verb }: Step): boolean {
  return verb === 'CWD' || PROBES.has(verb)
}

/**
 * What the server does not implement at all is no loss to a user who got something; nor is MDTM with a time, with which
 * clients set that of a file they have stored although RFC 3659 §3 has it for questions only.
 */
function isUnsupported({ verb, exchange, reply }: Refused['step']): boolean {
  if (verb === 'MDTM' && /^\d{14}(?:\.\d{1,9})? /.test(exchange.argument ?? '')) return true
  return !isFileTransfer(verb) && !isListing(verb) && isNotImplemented(reply.code)
}

/**
 * Servers answer NLST and LIST of an empty directory, or of a pattern that nothing matches, with 450 or 550: ProFTPD
 * "450 No files found", wu-ftpd "550 No files found.", z/OS "550 No data sets found."
 */
function foundNothing({ verb, exchange }: Step, { code, text }: Reply): boolean {
  if (!isListing(verb)) return false
  if (means(text, 'nothing-found')) return true
  return code === 450 && (verb === 'NLST' || exchange.argument === null || /[*?]/.test(exchange.argument))
}

/** Whether a later step shows that the user got what was refused, or that the refused command was only a probe. */
function settles(later: Step, refused: Refused['step']): boolean {
  const { verb, path, reply } = refused
  const samePath = later.path !== null && later.path === path
  const within = later.path !== null && path !== null && later.path.startsWith(`${path}/`)
  // Whatever the client asked for, or prepared, comes next and has an outcome of its own.
  if (PROBES.has(verb)) return isAim(later) || later.verb === 'CWD' || isAnnouncing(later.verb) || samePath
  if (verb === 'CWD') {
    // The same path decides: MKD after CWD, or RETR of what is a file. A parent is where the client stays.
    if (samePath && (isAim(later) || later.verb === 'CWD')) return true
    const above = path !== null && later.path !== null && path.startsWith(later.path.replace(/\/?$/, '/'))
    return later.succeeded && (within || (later.verb === 'CWD' && !above))
  }
  if (!later.succeeded) return false
  if (isListing(verb)) return isListing(later.verb) && (samePath || isNotImplemented(reply.code))
  if (isFileTransfer(verb)) return isFileTransfer(later.verb) && samePath
  // MKD of what exists, DELE of what is written anew.
  return (isAim(later) || isAttempt(later)) && (samePath || within)
}

function isListing(verb: string): boolean {
  return transferDirection(verb) === 'listing'
}

function isFileTransfer(verb: string): boolean {
  return transferDirection(verb) !== undefined && !isListing(verb)
}

/** Commands that clients send for their own purposes: they ask for nothing that a user wants. */
const HOUSEKEEPING: ReadonlySet<string> = new Set(
  'NOOP QUIT FEAT SYST HELP CLNT CSID OPTS LANG HOST STAT XNOP'.split(' '),
)

/** The command asks for nothing that a user wants. */
export function isHousekeeping(command: string): boolean {
  return HOUSEKEEPING.has(command)
}

/** Some command that is none of these was carried out. */
export function hasAnsweredRequest({ dialogue }: Session): boolean {
  return dialogue.exchanges.some(
    ({ command, replies }) =>
      command !== null && !HOUSEKEEPING.has(command) && replies.some(({ code }) => isPositive(code)),
  )
}

/** No other command was sent at all. */
export function asksForNothing({ control, channels, dialogue }: Session): boolean {
  if (control.midstream || channels.length > 0) return false
  return dialogue.exchanges.every(({ command }) => command === null || HOUSEKEEPING.has(command))
}
