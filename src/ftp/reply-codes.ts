import { canonicalVerb } from './verbs.js'

/** First digit of a reply code (RFC 959 §4.2.1). */
export function isPreliminary(code: number): boolean {
  return code < 200
}
export function isPositive(code: number): boolean {
  return code < 400
}
export function isCompletion(code: number): boolean {
  return code >= 200 && code < 300
}
/** 4yz and 5yz. */
export function isRefusal(code: number): boolean {
  return code >= 400 && code < 600
}

/** The verb, or its parameter, is not implemented, or not understood, whatever it names (RFC 959 §4.2.2). */
export function isNotImplemented(code: number): boolean {
  return code === 500 || code === 501 || code === 502 || code === 504
}

const TRANSFER = [110, 125, 150, 225, 226, 250] as const

/**
 * Codes below 400 that answer a verb: RFC 959 §5.4 and the RFCs that add verbs, and codes that servers are known to
 * send instead. Any reply may answer a verb that is not listed.
 */
const POSITIVE: Record<string, readonly number[]> = {
  USER: [230, 232, 331, 332, 334, 336],
  PASS: [202, 230, 232, 332, 331],
  ACCT: [202, 230, 232],
  CWD: [200, 250, 257],
  CDUP: [200, 250, 257],
  SMNT: [200, 202, 250],
  REIN: [120, 220],
  QUIT: [200, 221],
  PORT: [200],
  EPRT: [200],
  LPRT: [200],
  PASV: [227, 228, 229],
  CPSV: [227, 228, 229],
  SPSV: [227, 228, 229],
  LPSV: [227, 228, 229],
  EPSV: [200, 227, 228, 229],
  TYPE: [200],
  STRU: [200],
  MODE: [200],
  RETR: TRANSFER,
  STOR: TRANSFER,
  STOU: TRANSFER,
  APPE: TRANSFER,
  LIST: TRANSFER,
  NLST: TRANSFER,
  MLSD: TRANSFER,
  ALLO: [200, 202],
  REST: [350],
  RNFR: [350],
  RNTO: [250],
  ABOR: [225, 226],
  DELE: [200, 250],
  RMD: [200, 250],
  MKD: [200, 250, 257],
  PWD: [250, 257],
  SYST: [215],
  STAT: [200, 211, 212, 213],
  HELP: [200, 211, 214],
  NOOP: [200],
  FEAT: [211, 214],
  OPTS: [200, 214],
  LANG: [200],
  SIZE: [213],
  MDTM: [213, 250, 253],
  MLST: [250],
  HOST: [220],
  AUTH: [234, 235, 334],
  ADAT: [234, 235, 335],
  PBSZ: [200],
  PROT: [200],
  CCC: [200],
  CLNT: [200],
  CSID: [200],
  MFMT: [213],
  MFCT: [213],
  MFF: [213],
  RANG: [350],
  AVBL: [213],
  DSIZ: [213],
}

/** How a code relates to a verb: it `fits`, is `free` (an error, or a verb with unknown replies), or `foreign`. */
type Fit = 'fits' | 'free' | 'foreign'

export function fit(verb: string, code: number): Fit {
  if (!isPositive(code)) return 'free'
  const canonical = canonicalVerb(verb)
  // Most servers do not know the long forms of PASS, and such a line may be the password alone.
  const codes = canonical === 'PASS' ? POSITIVE[verb] : POSITIVE[canonical]
  if (!codes) return 'free'
  return codes.includes(code) ? 'fits' : 'foreign'
}

/** Verbs that a server may answer during a transfer (RFC 959 §4.1.3 on STAT; NOOP keeps NAT mappings open). */
export function answeredDuringTransfer(verb: string): boolean {
  return verb === 'STAT' || verb === 'NOOP' || verb === 'HELP'
}
