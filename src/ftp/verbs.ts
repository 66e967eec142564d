/** The verbs of RFCs, drafts and servers, by source. */
const VERBS_BY_SOURCE = {
  'RFC 959':
    'USER PASS ACCT CWD CDUP SMNT REIN QUIT PORT PASV TYPE STRU MODE RETR STOR STOU APPE ALLO REST RNFR RNTO ABOR ' +
    'DELE RMD MKD PWD LIST NLST SITE SYST STAT HELP NOOP',
  /** The X forms, which RFC 1123 §4.1.3.1 still requires. */
  'RFC 775': 'XCUP XCWD XMKD XPWD XRMD',
  'RFC 743': 'XRSQ XRCP XSEN XSEM XMAS',
  'RFC 1639': 'LPRT LPSV',
  'RFC 2228': 'AUTH ADAT PBSZ PROT CCC MIC CONF ENC',
  'RFC 2389': 'FEAT OPTS',
  'RFC 2428': 'EPRT EPSV',
  'RFC 2640': 'LANG',
  'RFC 3659': 'MDTM SIZE MLST MLSD',
  'RFC 7151': 'HOST',
  'RFC 542': 'BYTE SOCK MAIL MLFL MSND MSOM MSAM MRSQ MRCP',
  drafts: 'CLNT CSID HASH RANG MFMT MFCT MFF COMB AVBL DSIZ THMB XCRC XMD5 XSHA XSHA1 XSHA256 XSHA512 MD5 MMD5',
  servers: 'SPSV CPSV SSCN PRET EPLF ESTA ESTP XDUP RMDA XNOP ESTO ERET DCAU SPAS SPOR SBUF ABUF DELT CKSM TRNC REIX',
} as const

const VERBS = new Set(Object.values(VERBS_BY_SOURCE).flatMap((verbs) => verbs.split(' ')))

/** Whether a verb, in upper case, is known to any specification or server. */
export function isKnownVerb(verb: string): boolean {
  return VERBS.has(verb)
}

const CANONICAL: Record<string, string> = {
  XCWD: 'CWD',
  XCUP: 'CDUP',
  XPWD: 'PWD',
  XMKD: 'MKD',
  XRMD: 'RMD',
  PASSWD: 'PASS',
  PASSWORD: 'PASS',
}

/** RFC 959's name for a verb of RFC 775 and for the long forms of PASS; any other verb unchanged. */
export function canonicalVerb(verb: string): string {
  return CANONICAL[verb] ?? verb
}
