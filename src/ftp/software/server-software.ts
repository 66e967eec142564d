/** Products by what they say about themselves; the group is the version, if there is one. The first match decides. */
const PRODUCTS: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['vsftpd', /\bvsftpd\b(?:[ /]v?(\d[\w.+-]*))?/i],
  ['ProFTPD', /\bProFTPD\b(?: v?(\d[\w.]*))?/i],
  ['Pure-FTPd', /\bPure-?FTPd\b(?: v?(\d[\w.]*))?/i],
  ['pyftpdlib', /\bpyftpdlib\b(?: v?(\d[\w.]*))?/i],
  ['FileZilla Server', /\bFileZilla (?:Pro )?Server\b(?: version)?(?: v?(\d[\w.]*))?/i],
  ['Microsoft FTP Service', /\bMicrosoft FTP Service\b(?: \(Version (\d[\d.]*)\))?/i],
  ['Serv-U', /\bServ-U\b(?: (?:FTP[ -]Server|MFT Server|Secure Managed File Transfer))?(?: v?(\d[\w.]*))?/i],
  ['wu-ftpd', /\bwu-(?:ftpd[- ])?(\d[\w.]*(?:\(\d+\))?)/i],
  ['z/OS FTP', /\bIBM FTP CS (?:for z\/OS )?(V\d+R\d+(?:\.\d+)?)?/],
  ['z/OS FTP', /\bFTP Server is running on z\/OS\b/i],
  ['IBM i FTP', /\bOS\/400 is the remote operating system\b(?:.{0,64}?"(V\d+R\d+M\d+)")?/],
  ['IBM i FTP', /^-?\s?QTCP at /m],
  ['Twisted', /\bTwisted (\d[\w.]*) FTP Server\b/i],
  ['CrushFTP', /\bCrushFTP\b(?: Server)?(?: (?:v|version )?(\d[\w.]*))?/i],
  ['Xlight', /\bXlight (?:FTP )?Server\b(?: v?(\d[\w.]*))?/i],
  ['inetutils ftpd', /\bGNU inetutils (\d[\w.]*)/i],
  ['glFTPd', /\bglFTPd\b(?: v?(\d[\w.]*))?/i],
  ['bftpd', /\bbftpd\b(?: v?(\d[\w.]*))?/i],
  ['Cerberus FTP Server', /\bCerberus FTP Server\b(?:[ -]{1,3}v?(\d[\w.]*))?/i],
  ['Titan FTP Server', /\bTitan FTP Server\b(?: v?(\d[\w.]*))?/i],
  ['WS_FTP Server', /\bWS_FTP Server\b(?: v?(\d[\w.]*))?/i],
  ['zFTPServer', /\bzFTPServer\b(?:(?: Suite)? v?(\d[\w.]*))?/i],
  ['NcFTPd', /\bNcFTPd\b(?: Server)?(?: v?(\d[\w.]*))?/i],
  ['tnftpd', /\btnftpd\b(?: (\d[\w.]*))?/i],
  ['NetBSD-ftpd', /\bNetBSD-ftpd\b(?: (\d[\w.]*))?/i],
  ['lukemftpd', /\blukemftpd\b(?: (\d[\w.]*))?/i],
  ['SFTPGo', /\bSFTPGo\b(?:[ _/-]v?(\d[\w.]*))?/i],
  ['Apache mod_ftp', /\bmod_ftp\/(\d[\w.]*)/i],
  ['Apache FtpServer', /\bApache (?:MINA )?FtpServer\b(?: v?(\d[\w.]*))?/i],
  ['Wing FTP Server', /\bWing FTP Server\b(?: v?(\d[\w.]*))?/i],
  ['CompleteFTP', /\bComplete ?FTP\b(?: v?(\d[\w.]*))?/i],
  ['Gene6 FTP Server', /\b(?:Gene6|G6) FTP Server\b(?: v?(\d[\w.]*))?/i],
  ['EFT Server', /\bEFT Server\b(?: v?(\d[\w.]*))?/i],
  ['RaidenFTPD', /\bRaidenFTPD\b(?:.{0,8}v(\d[\w.]*))?/i],
  ['Rumpus', /\bRumpus\b(?: v?(\d[\w.]*))?/i],
  ['uftpd', /\buftpd\b(?: \(?v?(\d[\w.]*))?/i],
  ['unFTP', /\b(?:lib)?unftp\b(?:[ /]v?(\d[\w.]*))?/i],
  ['FTP-srv', /\bftp-srv\b(?: v?(\d[\w.]*))?/i],
  ['MikroTik', /\bMikroTik\b(?: v?(\d[\w.]*))?/i],
  ['VxWorks FTP', /\bVxWorks\b(?: \(?(?:VxWorks ?)?v?(\d[\w.]*))?/i],
  ['linux-ftpd', /\bLinux-ftpd-(\d[\w.]*)/i],
  ['FreeBSD ftpd', /\bFTP server \(Version (\d[\w.]*LS)\)/],
  ['SunOS FTP', /\bFTP server \(SunOS (\d[\w.]*)\)/],
]

/** The products that are recognized. */
export const SERVER_NAMES: readonly string[] = PRODUCTS.map(([name]) => name)

/** Longest text that is searched. */
const MAX_TEXT = 4096

interface Product {
  name: string
  version: string | null
}

/** Results by text: a server sends the same text to each of its clients. */
const known = new Map<string, Product | null>()
const MAX_KNOWN = 256
const LONGEST_KNOWN = 512

/** Product and version in a greeting, or in replies to SYST, STAT, FEAT or HELP: "vsftpd 3.0.3"; `null` if unknown. */
function recogniseServer(text: string): Product | null {
  if (text.length > LONGEST_KNOWN) return searchProduct(text)
  let product = known.get(text)
  if (product === undefined) {
    product = searchProduct(text)
    if (known.size === MAX_KNOWN) known.clear()
    known.set(text, product)
  }
  return product
}

function searchProduct(text: string): Product | null {
  const searched = text.slice(0, MAX_TEXT)
  for (const [name, pattern] of PRODUCTS) {
    const match = pattern.exec(searched)
    if (match) return { name, version: match[1]?.replace(/[.,]+$/, '') ?? null }
  }
  return null
}

/** Verbs whose replies identify the server; `null` is the greeting. USER and PASS may bring the message of the day. */
const IDENTIFYING: ReadonlySet<string | null> = new Set([
  null,
  'SYST',
  'STAT',
  'FEAT',
  'HELP',
  'USER',
  'PASS',
  'CSID',
  'QUIT',
])
/** Replies searched per session. */
const MAX_REPLIES = 16

/** Examines the first such replies, until one names a version. */
export class ServerSoftware {
  #found: Product | null = null
  #searched = 0

  get text(): string | null {
    if (!this.#found) return null
    return this.#found.version === null ? this.#found.name : `${this.#found.name} ${this.#found.version}`
  }

  /** Returns true if it learned something. */
  reply(command: string | null, text: string): boolean {
    if (this.#found?.version || this.#searched >= MAX_REPLIES || !IDENTIFYING.has(command)) return false
    this.#searched++
    const found = recogniseServer(text)
    if (!found || (this.#found && (this.#found.name !== found.name || found.version === null))) return false
    this.#found = found
    return true
  }
}
