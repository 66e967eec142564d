import { SERVER_NAMES } from '../software/server-software.js'
import { isKnownVerb } from '../verbs.js'

/**
 * Words of the sentences that servers are shipped with, by kind. A password that is one of them stands in such
 * sentences whatever the client sent: stars there would reveal it to everyone who knows the sentence.
 */
const WORDS =
  // Articles, pronouns, prepositions, conjunctions, auxiliaries.
  'a an the this that these those it its i you your we our us they them he she my me of in on at to for from ' +
  'with by as into onto over under up down out off per via than then about after before between during since ' +
  'until while when where which who what how why through without within and or not no nor but if else so too ' +
  'also only any all each every both some more most many much few other another such is are was were be been ' +
  'being am has have had do does did done can cannot could may might must shall should will would now here there ' +
  'again already always still yet never just well soon later next last first second once re non t s ' +
  // Answers and politeness.
  'ok okay yes hello hi welcome willkommen bienvenue bienvenido goodbye good bye thanks thank please sorry enjoy ' +
  'stay come comes see nice day great visit visiting feel free enter entering world ' +
  // Logging in.
  'user users username usernames userid name names password passwords passwd pass passphrase login logins logon ' +
  'logged log logging logout account accounts anonymous guest guests email mail address e identity identify ' +
  'identification credential credentials authentication authenticate authenticated authorization authorized ' +
  'unauthorized access accessing accepted accept rejected reject denied deny granted grant allowed allow ' +
  'permission permissions permitted restricted restrictions apply required require requires need needed specify ' +
  'specified complete completed proceed correct incorrect wrong invalid valid bad illegal failed failure failing ' +
  'fail fails expired disabled enabled locked blocked banned refused unknown unable attempt attempts tries try ' +
  'retry administrator admin administration administrative root test owner group secret private public local ' +
  'remote home change changed ' +
  // Server and session.
  'server servers service services session sessions system systems host hosts hostname domain site client ' +
  'clients connection connections connect connected connecting disconnect disconnected disconnecting reconnect ' +
  'network internet net port ports ip addresses ready available unavailable busy limit limits maximum minimum ' +
  'max min number current currently total time timed timeout idle inactivity inactive minute minutes seconds ' +
  'hour hours days wait waiting closed close closing open opened opening end ended ending shutdown shut restart ' +
  'restarting starting start started stop stopped reset version release build running run code software unix ' +
  'type linux windows microsoft debian ubuntu centos redhat fedora freebsd netbsd openbsd solaris macos android ' +
  'gnu example com org edu gov www http https html ftp ftps sftp ssh ssl tls tcp ipv security secure secured ' +
  'encrypted encryption certificate protocol protection level protected clear explicit implicit negotiation ' +
  'establish established handshake notice warning monitored recorded activity activities uses use used using ' +
  'terms conditions policy legal law information info support contact question questions problem problems report ' +
  'archive mirror project backup ' +
  // Commands, files, transfers.
  'command commands syntax argument arguments parameter parameters option options help following recognized ' +
  'recognised implemented understood supported unsupported unrecognized unimplemented superfluous sequence error ' +
  'errors internal bug oops feature features extended extension extensions passive active mode modes binary bin ' +
  'ascii image ebcdic stream block file files filename directory directories folder folders path pathname paths ' +
  'list listing listings data transfer transfers transferred transferring download downloaded downloading upload ' +
  'uploaded uploading size bytes byte kbytes mbytes kb mb gb octets octet created create removed remove deleted ' +
  'delete renamed rename modified modify modification successful successfully success exists exist found regular ' +
  'plain empty full disk space quota storage exceeded insufficient aborted abort abor cancelled bit bits ' +
  'checksum hash facts fact perm unique lang utf utf8 tvfs set switching send sending sent receive receiving ' +
  'received get put read reading write writing written position marker pending requested request action taken ' +
  'further output input record structure operation operations performed ignored reply response result results ' +
  'status message messages text line lines word words long large small high low new old default broken pipe peer ' +
  'unexpected reason cause unspecified resource resources memory temporarily temporary permanently sun mon tue ' +
  'wed thu fri sat jan feb mar apr jun jul aug sep oct nov dec gmt utc'

const STOCK: ReadonlySet<string> = new Set([
  ...WORDS.split(' '),
  ...SERVER_NAMES.flatMap((name) => name.toLowerCase().match(/[a-z0-9]+/g) ?? []),
  'privsep',
  'mod',
])

/** Whether a word, folded, belongs to the sentences of servers, or is a verb that they list. */
export function isStockWord(word: string): boolean {
  return STOCK.has(word) || isKnownVerb(word.toUpperCase())
}
