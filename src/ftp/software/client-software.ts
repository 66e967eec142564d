/** Default passwords for "anonymous" (RFC 1635 asks for an email address) that are specific to one client. */
const ANONYMOUS_PASSWORDS: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['lftp', /^lftp@$/],
  ['curl', /^ftp@example\.com$/],
  ['Wget', /^-wget@$/],
  ['NcFTP', /^ncftp@$/i],
  ['Chrome', /^chrome@example\.com$/],
  ['Firefox', /^mozilla@example\.com$/],
  ['Internet Explorer', /^IE(?:\d0)?User@$/],
  ['aria2', /^ARIA2USER@$/],
  ['Squid', /^Squid@$/],
  ['Java', /^Java([\d._]+)@$/],
  ['GVfs', /^gvfsd-ftp-([\d.]+)@example\.com$/],
  ['APT', /^apt_get_ftp_([\d.]+)@debian\.linux\.user$/],
]

/** The client that uses this password for anonymous by default; `null` if it is not specific to one. */
export function recogniseAnonymousPassword(password: string): string | null {
  for (const [name, pattern] of ANONYMOUS_PASSWORDS) {
    const match = pattern.exec(password)
    if (match) return match[1] === undefined ? name : `${name} ${match[1]}`
  }
  return null
}

/** More than reports show: of a secret that is cut the rest would not be found. */
const MAX_NAME = 1024

/** CLNT names the client as free text: `CLNT FileZilla`, `CLNT NcFTP 3.2.5 linux`. */
export function clientOfClnt(argument: string): string | null {
  return argument.trim().slice(0, MAX_NAME) || null
}

/** CSID has facts (draft-peterson-streamlined-ftp-command-extensions): `CSID Name=BSD FTP; Version=7.3`. */
export function clientOfCsid(argument: string): string | null {
  const name = /(?:^|;)\s{0,8}Name=([^;]{1,1024})/i.exec(argument)?.[1]?.trim()
  const version = /(?:^|;)\s{0,8}Version=([^;]{1,1024})/i.exec(argument)?.[1]?.trim()
  if (name === undefined || name === '') return null
  return version === undefined ? name : `${name} ${version}`
}
