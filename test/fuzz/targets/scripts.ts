/** Dialogues from which the fuzzer sets out: one of each sort that the FTP stage tells apart. */
export const SCRIPTS: readonly string[] = [
  `
  S: 220-Welcome
  S: 220 ProFTPD 1.3.8 Server
  C: USER alice
  S: 331 Password required
  C: PASS secret
  S: 230 in
  C: SYST
  S: 215 UNIX Type: L8
  C: FEAT
  S: 211-Features:
      EPSV
      AUTH TLS
  S: 211 End
  C: PWD
  S: 257 "/home/alice" is the current directory
  C: TYPE I
  S: 200 ok
  C: EPSV
  S: 229 Entering Extended Passive Mode (|||50005|)
  C: SIZE f
  S: 213 69
  C: REST 10
  S: 350 Restarting
  C: RETR f
  S: 150 Opening BINARY mode data connection for f (69 bytes)
  S: 226 Transfer complete
  C: QUIT
  S: 221 Goodbye.`,
  `
  S: 120 Wait
  S: 220 hi
  C: USER anonymous
  S: 230 in
  C: PORT 10,0,0,5,200,10
  S: 200 ok
  C: LIST
  S: 150 here
  S: 426 closed
  C: EPRT |2|2001:db8::1|5282|
  S: 522 Network protocol not supported, use (1)
  C: LPRT 4,4,10,0,0,5,2,200,10
  S: 500 what
  C: PASV
  S: 227 Entering Passive Mode (10,0,0,21,195,80).
  C: STOR f
  S: 425 Cannot open
  C: EPSV ALL
  S: 200 ok
  C: ABOR
  S: 225 nothing`,
  `
  S: 220 FileZilla Server 1.7
  C: AUTH TLS
  S: 234 go
  C: \x16\x03\x01\x00\x05\x01\x00\x00\x01\x00
  S: \x16\x03\x03\x00\x04\x02\x00\x00\x00`,
  `
  S: 220 mail ESMTP
  C: EHLO x
  S: 250 ok`,
  `
  S: SSH-2.0-OpenSSH_9
  C: SSH-2.0-x`,
  `
  C: \xff\xf4\xff\xf2ABOR
  S: \xff\xfb\x01220 Telnet
  C: USER \xff\xffx
  S: 331-a
  S: 331 b
  S: 530 no
  S: 99 odd
  S: 421 bye`,
]
