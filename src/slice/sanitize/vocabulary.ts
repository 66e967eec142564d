import { BINARY_EXTENSIONS } from '../../diagnose/facts/binary-names.js'
import { isStockWord } from '../../ftp/secrets/stock-words.js'
import { phraseStems } from './phrase-stems.js'

/**
 * Words of replies and keywords besides those of `isStockWord`, which rules and the recognition of software read, or
 * which servers and clients are shipped with. What is in the lists of a public program tells nothing.
 */
const WORDS =
  // Sentences of servers, as in src/ftp/inference/texts.
  'consider reuse inside follows refusing writable unrecognised resume chroot chmod channel control privileged ' +
  'foreign verb same destination allocation issue prior necessary resuming needs reserved previous flushed renaming ' +
  'retrievable nothing format transmitted enough privileges points outside couldn succeeded retrieve work trust tell ' +
  'aborting jail failures unencrypted location doesn isn didn hasn won ve aren don moved move check existence utime ' +
  'perms offset numeric setting instead prohibited digits measured rate matches little faster mechanisms missing ' +
  'because entry emulated types neccessary prepare match transfering encrypt protect settings append expecting ' +
  'expected inaccessible find encoding longer different requirements met forbidden setup unused incomplete dropped ' +
  'delayed effect insecure direct comments language provided store initiate configuration overwrite cleartext ' +
  'ciphers weak unacceptable going offline maintenance exceed exceeds zero length source greeting bind listen socket ' +
  'create unreachable route cannot assign peer eof unexpected shared cipher alert hangup kill signal sigterm ' +
  'timeouts assume assuming assumed transport privacy sensitive confidential hashing range partial fully actively ' +
  'expire grace warn banner virtual shell home uploads downloads ratio credits bandwidth throttled thank nlst ' +
  // Facts of MLSx, OPTS and FEAT, representation, protection, languages.
  'ownername groupname uid gid charset charsets media multiline pasv epsv tls sscn zlib deflate gzip crc md sha ' +
  'xcrc pbsz prot ccc cpsv nonprint telnet ansi carriage asa logical record page compressed ' +
  // Software.
  'lftp wget ncftp curl chrome mozilla firefox explorer aria squid java gvfsd gvfs apt filezilla winscp cyberduck ' +
  'coreftp cuteftp totalcmd commander transmit python ftplib perl ' +
  'php node basic pro mft managed operating qtcp suite ' +
  'mina gene lib ibm cs os zos nt aix hpux sunos irix esx vxworks openssh dropbear ' +
  // Other protocols, as far as they are recognized.
  'ls gssapi kerberos vmware daemon preauth nntp news rsyncd rfb ping esmtp smtp lmtp ehlo helo lhlo rtsp sips sip ' +
  'capability starttls capa apop reader authinfo capabilities nick cap xml imap pop post put get head connect rcpt ' +
  'rset vrfy expn bdat from to tcp proxy inet mysql mariadb ftps implicit explicit'

const WORD_SET: ReadonlySet<string> = new Set(WORDS.split(' '))
const STEMS = phraseStems()
const LONGEST_STEM = STEMS.reduce((longest, { length }) => Math.max(longest, length), 0)
const STEM_SET: ReadonlySet<string> = new Set(STEMS)
const EXTENSIONS: ReadonlySet<string> = new Set([
  ...BINARY_EXTENSIONS,
  ...'txt csv xml json html htm log md conf ini cfg sql c h py js css asc edi dbf tmp part filepart lst'.split(' '),
])

/** Whether a word of ASCII letters, in lower case, may stay in a reply or among keywords. */
export function isVocabulary(word: string): boolean {
  return word.length === 1 || isStockWord(word) || WORD_SET.has(word)
}

/** Whether the end of a file name says what kind of file it is, and nothing else. */
export function isExtension(word: string): boolean {
  return EXTENSIONS.has(word)
}

/**
 * Which characters of a word, in lower case, belong to phrases that rules know in any language: 1 at their positions. A
 * letter that is between such parts does not.
 */
export function knownParts(word: string): Uint8Array {
  const known = new Uint8Array(word.length)
  for (let at = 0; at < word.length; at++) {
    for (let length = Math.min(LONGEST_STEM, word.length - at); length > 0; length--) {
      if (!STEM_SET.has(word.slice(at, at + length))) continue
      known.fill(1, at, at + length)
      break
    }
  }
  return known
}
