/**
 * What servers say, by meaning, in the languages in which they ship their replies: ProFTPD's translations, Pure-FTPd's
 * message files, IIS by the language of Windows. Accented letters are `.{1,4}`: a letter that was not sent as UTF-8 is
 * shown as `\xNN`.
 */
const PHRASES = {
  /** vsftpd "Timeout.", FileZilla Server "Login time exceeded.", BSD "Timeout (900 seconds): closing control …". */
  'timed-out': [
    /time(?:d|s)?[ -]?out|time exceeded|\bidle\b|inactiv|no (?:activity|operation)/i,
    /zeit.{1,4}berschreitung|temps de r.{1,4}ponse d.{1,4}pass|expiration du d.{1,4}lai|d.{1,4}lai.{0,20}d.{1,4}pass/i,
    /tiempo (?:l.{1,4}mite|de espera)|temporizador|tempo (?:expirado|limite|scaduto)|czas oczekiwani/i,
    /temporizare|onderbreking|zaman a|cas vyprsal|ист[её]к|время ожидания|изтекл|超时|逾時|タイムアウト|시간 초과/i,
  ],
  idle: [
    /\bidle\b|inactiv|no (?:activity|operation)|inattivit|keine aktion|aucune action|sin realizar operaciones/i,
    /nessuna operazione|nenhuma opera|brak operacji|простоя|никаких действий|бездействие|空闲|閒置|无操作|無操作|アイドル/i,
  ],
  'login-timer': [
    /log-?\s?in.{0,12}time|time.{0,24}log-?\s?in|authentication time|d'authentification|inicio de sesi/i,
    /di autenticazione|время подключения|време за вход|登录超时|登入逾時|ログインタイムアウト|로그인 대기/i,
  ],
  'session-timer': [
    /session (?:time|expire|limit)|(?:maximum|total) session|d.{1,4}lai de session|l.{1,4}mite de sesi/i,
    /timeout di sessione|время сессии|изтекла сесия|会话超时|作業階段逾時|セッションタイムアウト|세션 대기/i,
  ],
  'no-transfer-timer': [
    /no[- ]?transfer|sin transferencias|timeout di trasmissione|отсутствия передачи|без пренос/i,
    /无传送|無傳送|転送タイムアウト|전송 대기/i,
  ],
  /** vsftpd "Data timeout. Reconnect. Sorry.", Pure-FTPd "Timeout (no new data for 900 seconds)". */
  'data-timer': [
    /\bdata\b|\bdaten\b|donn.{1,4}es?\b|\bdat[io]s?\b|\bdados?\b|nowych danych|новых данных|数据|資料|データ/i,
  ],
  /**
   * vsftpd "There are too many connected users, please try later", ProFTPD "Sorry, the maximum number of clients (2)
   * from your host are already connected", Pure-FTPd "10 users (the maximum) are already logged in, sorry" and "I can't
   * accept more than 2 connections as the same user", IIS "Maximum connections exceeded", wu-ftpd "access denied: limit
   * of 5 users in class all reached".
   */
  'too-many': [
    /too many/i,
    /maximum (?:number|connections|users|clients|sessions|allowed)|\(the maximum\)/i,
    /(?:already|no more) (?:connected|logged in|users|connections|clients|sessions)|can't accept more than \d/i,
    /limit\b.{0,40}\b(?:reached|exceeded)|(?:reached|exceeded|over)\b.{0,40}\blimit/i,
    /benutzer \(maximal\)|zu ?viele verbindungen|mehr als \d+ verbindungen|trop de connexions|\(le maximum\)/i,
    /plus de \d+ connexions|demasiadas conexiones|\(el m.{1,4}ximo\)|m.{1,4}s de \d+ conexiones|troppe connessioni/i,
    /\(il massimo\)|pi.{1,4} di \d+ connessioni|conex.{1,4}es demais|\(o m.{1,4}ximo\)|mais do que \d+ conex/i,
    /zbyt wiele po|\(maksimum\)|teveel verbindingen|слишком много (?:подключений|соединений)|(?:太多|过多|過多).{0,4}[连連]/i,
    /接続数?が多すぎ|너무 많은 (?:연결|접속)/i,
  ],
  /** Limits on login attempts and on errors are not limits on connections. */
  'too-many-attempts': [/attempts?|fail|password|incorrect|errors?\b|bad command/i],
  'limit-per-user': [
    /(?:for|as|of|by|from) (?:this|the same|same|your|that) (?:user|account|login)|per[- ]user|user limit/i,
    /selben benutzer|m.{1,4}me utilisateur|mismo usuario|stesso utente|mesmo usu|того же пользователя|同一[使用帐帳]/i,
  ],
  'limit-per-host': [
    /(?:from|for|of|per) (?:this|your|the same|same|that|one) (?:host|ip|(?:internet|ip) address|address)|per[- ](?:ip|host)/i,
    /dieser IP|cette IP|esta IP|este IP|questo IP|tego IP|этого IP|[这這此]个?個? ?IP/i,
  ],
  'limit-per-class': [/(?:from|in) (?:your )?class/i],
  /**
   * vsftpd "Non-anonymous sessions must use encryption.", ProFTPD and pyftpdlib "SSL/TLS required on the control
   * channel", Pure-FTPd "Sorry, cleartext sessions and weak ciphers are not accepted on this server", IIS "Policy
   * requires SSL", FileZilla Server "Use AUTH first" and "This server does not allow plain FTP".
   */
  'wants-tls': [
    /\b(?:TLS|SSL|FTPS)\b|(?:TLS|SSL)(?=[가이])|encrypt|encript|chiffr/i,
    /clear-?text|plain[- ]?(?:text|ftp)/i,
    /secured? (?:connection|session|channel|control)|connection must be secure/i,
    /\bAUTH\b.{0,12}\bfirst|before USER/i,
    /unverschl.{1,4}sselt|sessions en clair|sin cifrar|sessioni in chiaro|sem criptografia|незашифрован|нешифрован/i,
  ],
  /** Pure-FTPd "Home directory not available - aborting", IIS "User cannot log in, home directory inaccessible." */
  home: [
    /\bhome[ -]?(?:dir|folder|path|verz)|cannot change directory|can't change directory|hembibliotek|hjemmemappe|hjemmekatalog/i,
    /basisverzeichnis|stammverzeichnis|r.{1,4}pertoires? (?:utilisateur|de base|personnel)|directorio (?:home|principal|ra.{1,4}z)/i,
    /diret.{1,4}rio pessoal|katalog domowy|домашн\S+ (?:директори|каталог|папк)|主目[录錄]|用户目录|家目[录錄]|ホーム/i,
  ],
  /** vsftpd "refusing to run with writable root inside chroot()". */
  'writable-root': [/writ(?:e)?able root/i],
  chroot: [/chroot/i],
  /** IIS with sites that differ only in their host name: "Valid hostname is expected." */
  'host-name': [
    /(?:valid|virtual) host ?name|host ?name (?:is|was) (?:expected|required|missing)|HOST (?:command )?(?:is )?(?:required|first)/i,
    /g.{1,4}ltiger hostname|hostname.{0,20}erwartet|nom d'h.{1,4}te valide|nombre de host v|nome host valido|主机名|ホスト名/i,
  ],
  'anonymous-only': [
    /anonymous(?: ftp)? only|only anonymous|nur anonym|uniquement anonyme|seul.{0,20}anonyme|s.{1,4}lo.{0,20}an.{1,4}nim/i,
  ],
  'no-anonymous': [
    /no anonymous|anonymous (?:access|logins?|users?|ftp|sessions?) (?:is |are )?(?:denied|not|disabled|prohibited|forbidden)/i,
    /(?:not|n't) (?:allow|accept|permit) anonymous|keine? anonym|anonyme?.{0,20}(?:interdit|refus)|nicht anonym/i,
  ],
  /** An account that exists but may not log in at present. */
  'account-closed': [
    /account.{0,30}(?:disabled|expired|locked|inactive|suspended|deactivated)|password.{0,12}expired/i,
    /(?:disabled|expired|locked|suspended) account|konto.{0,20}(?:deaktiviert|gesperrt|abgelaufen)|compte.{0,12}d.{1,4}sactiv/i,
    /cuenta.{0,16}(?:deshabilitada|bloqueada|caducada)|account.{0,12}disabilitato|conta.{0,16}desabilitada/i,
    /konto.{0,12}zablokowane|(?:аккаунт|уч[её]тная запись).{0,20}(?:отключ|заблок)|[帐帳賬账][号號户戶].{0,6}(?:禁用|停用|关闭|關閉)/i,
  ],
  /** Pure-FTPd "Sorry, but I can't trust you": a shell that is not in /etc/shells. */
  shell: [/\bshell\b|can't trust you|cannot trust you|ihnen vertrauen/i],
  /** The server does not admit this address. */
  address: [
    /(?:denied|not \w+|refused|rejected) (?:\w+ ){0,3}(?:from|for) (?:your|this) (?:address|host|ip|network|location)/i,
    /(?:from|for|your) (?:\w+ ){0,2}(?:address|host|ip|network|location)\b.{0,40}(?:denied|\bnot|refused|rejected|prohibited)/i,
    /\b(?:IP|host|address) .{0,40}(?:not (?:allowed|permitted|authorized)|denied|blocked|refused|rejected)/i,
    /\b(?:IP-adresse|adresse IP|direcci.{1,4}n IP|indirizzo IP|endere.{1,4}o IP)|адрес/i,
  ],
  banned: [/\bbann?ed\b|\bban\b|blacklist|blocked|gesperrt|verbannt|banni\b|заблокирован|封禁|封鎖/i],
  'unknown-user': [
    /unknown user|no such user|user.{0,60}(?:unknown|not found|does(?: not|n't) exist|not known)|(?:virtual|ftp) user/i,
  ],
  /** vsftpd "Permission denied." to USER: userlist_enable. */
  denied: [/^permission denied\.?$/i],
  /** ProFTPD "FTP server shutting down - …", FileZilla Server "Server is going offline". */
  'shut-down': [
    /shut(?:ting)?[ -]?down|going (?:off|down)|maintenance|closed for|not available at this time|being (?:stopped|restarted)/i,
    /wartung|heruntergefahren|arr.{1,4}t du serveur|mantenimiento|apagando|manuten|in arresto|завершает работу|正在关闭|維護|维护/i,
    /シャットダウン|メンテナンス/i,
  ],
  'no-room': [
    /no space|dis[ck] (?:is )?full|not enough (?:\w+ )?space|insufficient (?:\w+ )?(?:space|storage)/i,
    /storage allocation|out of space|festplatte voll|disque plein|disco (?:lleno|pieno|cheio)|dysk pe|диск (?:полон|заполнен)/i,
    /kein (?:speicher)?platz|nicht gen.{1,4}gend speicher|espace (?:disque )?insuffisant|espacio (?:insuficiente|en disco)/i,
    /spazio (?:insufficiente|su disco)|недостаточно места|磁[盘碟盤].{0,4}[满滿]|空間不足|空间不足|容量不足/i,
  ],
  quota: [
    /\bquota|over[- ]?quota|cuota|\bcupo\b|\bcota\b|kvot|квот|配[额額]|容量制限|쿼타/i,
    /(?:too many|number of|max(?:imum)?) files/i,
  ],
  'quota-of-files': [
    /\d+ (?:of \d+ )?(?:files?|dateien|fichiers|archivos|arquivos|plik.{1,6}w|файл)|(?:number of|too many|max(?:imum)?) files|inodes?/i,
  ],
  /** Pure-FTPd "Error during write to file", vsftpd "Failure writing to local file." */
  'write-failed': [
    /fail\w* (?:to )?writ|writ\w* (?:\w+ )?(?:fail|error)|error (?:\w+ )?(?:writing|write)|could not write|cannot write/i,
    /fehler beim (?:ab)?(?:speichern|schreiben)|erreur lors de l'.{1,4}criture|error al escribir|errore durante la scrittura/i,
    /erro durante (?:a )?escrita|podczas zapisu|fout tijdens schrijven|ошибка.{0,16}записи|写入|寫入|書き込み/i,
  ],
  /** vsftpd "426 Failure reading local file.", IBM i and others "451 read error on input file". */
  'file-error': [
    /\b(?:local|input|output|source) file|\b(?:disk|read|write|i\/o|input\/output) error/i,
    /erreur de lecture|fehler beim lesen|error (?:de lectura|al leer)|errore di lettura|读取|ошибка.{0,12}чтени/i,
  ],
  /** The TLS set-up of the server: OpenSSL's error texts, vsftpd's and ProFTPD's own. */
  'tls-setup': [
    /ciphers?\b|certificate|private key|\b(?:SSL|TLS)(?:_|[: ])|\bSSL routines\b|\bDH (?:key|param)|\b(?:RSA|DSA|EC) key/i,
  ],
  /**
   * How systems word that a socket cannot be bound, in replies that pass on the error: EADDRINUSE, EADDRNOTAVAIL,
   * EACCES and their numbers on Windows. BSD ftpd "425 Can't create data socket (192.0.2.1,20): Permission denied.";
   * Go programs name the call, "dial tcp :20->192.0.2.7:5001: bind: address already in use"; vsftpd names its own,
   * "500 OOPS: vsf_sysutil_bind".
   */
  'local-error': [
    /\bbind\b|vsf_sysutil_bind|find a listening port/i,
    /address (?:is )?already in use|adresse wird bereits verwendet|adresse d[ée]j[àa] utilis[ée]e/i,
    /direcci[óo]n (?:ya )?(?:est[áa] )?(?:ya )?en uso|indirizzo gi[àa] in uso|endere[çc]o j[áa] (?:est[áa] )?em uso/i,
    /(?:create|open) (?:the |a )?(?:data )?socket/i,
    /cannot assign requested address|can't assign requested address/i,
    /only one usage of each socket address|\b100(?:48|49|13)\b/i,
  ],
  /**
   * The range of passive ports is exhausted, by words: SFTPGo and ftpserverlib "could not listen for passive
   * connection", Wing FTP and others "no free port", Rebex "unable to listen, try again later".
   */
  'no-free-port': [
    /\bno (?:\w+ ){0,3}ports?\b(?:.{0,40}\bavailable|.{0,12}$)|\bports? (?:\w+ )?(?:exhausted|used up|in use|available\b.{0,4}$)/i,
    /(?:unable|could not|cannot|can't|failed) (?:to )?(?:\w+ ){0,2}(?:listen|bind)|all (?:\w+ ){0,2}ports (?:are )?(?:in use|busy|used)/i,
  ],
  /** ECONNREFUSED, ETIMEDOUT, EHOSTUNREACH: the server tried to connect, and the network answered or was silent. */
  'tried-to-connect': [/connection (?:was )?refused|actively refused|timed? ?out|no route|unreachable/i],
  /** OpenSSL's errors about what the other end sent, or did not send, in a handshake. */
  'tls-handshake': [
    /no shared cipher|unsupported protocol|wrong version number|version too low|http request|unexpected eof|handshake fail/i,
    /(?:ssl|tls)v?\d? alert|alert (?:unknown|bad|certificate|handshake)|unknown (?:ca|protocol)|peer did not return/i,
  ],
  'log-file': [/log ?file|xferlog|failed to open .{0,60}log\b/i],
  'child-died': [/child died|priv_sock|seccomp|cap_set|\bfork\b|clone\b|out of memory|\bmalloc\b|\bmmap\b/i],
  /** A server that failed on its own: not the words of a refusal. */
  'server-failed': [
    /internal (?:server |system )?error|\b(?:system|server|unexpected|runtime) error|unhandled|\bexception\b|segmentation|core dump/i,
    /out of memory|cannot allocate|resource temporarily unavailable|too many open files|cannot fork|\bcrash/i,
    /interner (?:server)?fehler|erreur interne|error interno|errore interno|erro interno|внутренняя ошибка|内部错误|內部錯誤/i,
  ],
  configuration: [
    /config|in .{0,40}\.conf|cannot locate user|secure_chroot_dir|could not bind|run two copies|variable|bad bool/i,
    /not found: directory given|(?:could|can) ?not (?:read|open) .{0,40}(?:list|file)|chroot\(?\)? list/i,
  ],
  /** ProFTPD "450 No files found", wu-ftpd "550 No files found.", z/OS "550 No data sets found." */
  'nothing-found': [/\bno (?:\w+ )?(?:files|data ?sets|members|entries|match)|\bempty\b/i],
  /** Refusals of a command on a file or directory, in the words of servers and of the C library's strerror. */
  'not-empty': [
    /not empty|nicht leer|n'est pas vide|no est.{1,4} vac.{1,4}o|non (?:.{1,4} )?vuota|n.{1,4}o est.{1,4} vazi|не пуст|不是空的|空ではありません/i,
  ],
  'read-only': [
    /read[- ]?only (?:file ?system|server|access|mode)|write[- ]protect|schreibgesch.{1,4}tzt|lecture seule/i,
  ],
  permission: [
    /permission|access (?:is )?denied|denied|not (?:allowed|authori[sz]ed|permitted)|prohibit|forbidden|privilege/i,
    /could not create file|create operation failed|no rights|insufficient rights|zugriff|keine berechtigung|verweigert/i,
    /nicht (?:erlaubt|gestattet)|acc.{1,4}s refus|interdit|permiso denegado|acceso denegado|(?:permesso|accesso) negato/i,
    /(?:permiss.{1,4}o|acesso) negad[ao]|brak dost.{1,4}pu|odmowa|отказано|нет прав|запрещ|拒[绝絕]|[权權]限|許可|拒否/i,
  ],
  exists: [
    /already exist|file exists|existiert bereits|existe d.{1,4}j|ya existe|esiste gi|j.{1,4} existe|уже существует|已(?:经)?存在/i,
  ],
  'not-directory': [
    /not a directory|not a (?:valid )?folder|kein verzeichnis|n'est pas un (?:dossier|r.{1,4}pertoire)/i,
  ],
  'is-directory': [
    /is a directory|not a (?:plain|regular) file|ist ein verzeichnis|est un (?:dossier|r.{1,4}pertoire)/i,
  ],
  busy: [
    /being used|in use|busy|locked|sharing violation|temporarily unavailable|gesperrt|verwendet|utilis.{1,4} par/i,
  ],
  name: [
    /name (?:is )?(?:not allowed|invalid|illegal)|(?:invalid|illegal|bad) (?:file ?|path ?)?name|syntax is incorrect/i,
  ],
  missing: [
    /no such|not (?:be )?found|n't (?:be )?found|cannot find|could ?n[o']t find|does(?: not|n't) exist|not exist/i,
    /unknown (?:file|dir)|nicht (?:gefunden|vorhanden)|existiert nicht|kann .{0,80}nicht finden|introuvable|n'existe pas/i,
    /aucun fichier|no (?:se )?(?:encuentra|existe)|non (?:trovat[oa]|esiste)|n.{1,4}o (?:existe|encontrado)|nie istnieje/i,
    /nie znaleziono|не (?:найден|существует)|нет такого|找不到|不存在|没有那个|見つかりません|存在しません|ありません/i,
  ],
  /** A server that read what it cannot read: TLS in place of a command. */
  'not-understood': [
    /not (?:understood|recogni[sz]ed|implemented|supported)|unknown command|unrecogni[sz]ed|syntax|invalid|bad command/i,
    /log ?in (?:first|with)|illegal/i,
  ],
} satisfies Readonly<Record<string, readonly RegExp[]>>

export type Meaning = keyof typeof PHRASES

/** The beginning of a long reply is sufficient. */
const BEGINNING = 512

/** Whether a text of the server has a meaning. */
export function means(text: string, meaning: Meaning): boolean {
  const beginning = text.slice(0, BEGINNING)
  return PHRASES[meaning].some((words) => words.test(beginning))
}

/** The first of several meanings that a text has; `null` if it has none of them. */
export function meaningOf<M extends Meaning>(text: string, meanings: readonly M[]): M | null {
  return meanings.find((meaning) => means(text, meaning)) ?? null
}

/** All patterns of phrases. */
export function everyPhrase(): readonly RegExp[] {
  return Object.values(PHRASES).flat()
}
