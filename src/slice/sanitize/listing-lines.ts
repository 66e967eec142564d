import type { LineDraft } from './line-draft.js'
import { keepExtension } from './client-lines.js'
import type { TextAddresses } from './text-addresses.js'

/** `-rw-r--r--  1 owner group  1024 Nov 21 06:18 name`: mode and links, owners, size and time, name. */
const UNIX_LINE =
  /^([-dlbcpsD][-rwxsStT]{9}[.+@]?\s+\d+\s+)(\S+\s+(?:\S+\s+)?)(\d+(?:,\s*\d+)?\s+[A-Za-z]{3}\s+\d{1,2}\s+[\d:]{4,5}\s)(.+)$/
/** `11-21-26  06:18AM   1024 name`. */
const DOS_LINE = /^(\d\d-\d\d-(?:\d\d){1,2}\s+\d\d:\d\d(?:[AP]M)?\s+(?:\d+|<DIR>)\s)(.+)$/
/** `type=file;size=1024; name` (RFC 3659 §7.2). */
const FACTS = /^ ?((?:[^=;\s]+=[^;]*;)+) (.+)$/
/** Values of facts that say nothing about who and where. */
const HARMLESS_FACT = /^(?:type|size|sizd|modify|create|perm|unix\.mode)$/i
const HARMLESS_TYPE = /^(?:file|dir|cdir|pdir|OS\.unix=\w+)$/i
const KNOWN_FACT =
  /^(?:type|size|sizd|modify|create|perm|unique|lang|media-type|charset|unix\.\w{1,16}|win32\.\w{1,8}|x\.\w{1,16})$/i
const TOTAL = /^(?:total|insgesamt|gesamt)\s+\d+\s*$/

/** Rewrites a line of a listing: sizes, times and permissions stay, names of files, owners and groups are replaced. */
export function rewriteListed(draft: LineDraft, addresses: TextAddresses): void {
  const line = draft.text.replace(/\r?\n$/, '')
  if (TOTAL.test(line)) return
  const [unix, dos, facts] = [UNIX_LINE.exec(line), DOS_LINE.exec(line), FACTS.exec(line)]
  if (unix) {
    const [, mode = '', owners = '', place = ''] = unix
    draft.keep(0, mode.length)
    draft.keep(mode.length + owners.length, mode.length + owners.length + place.length)
  } else if (dos) draft.keep(0, dos[1]!.length)
  else if (facts) keepFacts(draft, line.indexOf(facts[1]!), facts[1]!)
  else addresses.replace(draft, 0, line.length)
  keepExtension(draft, 0, line.length)
  for (const { from, to } of draft.tokens(0, line.length)) draft.replace(from, to)
}

function keepFacts(draft: LineDraft, from: number, facts: string): void {
  for (const { index, 0: fact, 1: name, 2: value } of facts.matchAll(/([^=;]+)=([^;]*);/g)) {
    if (!KNOWN_FACT.test(name!)) continue
    const isHarmless = HARMLESS_FACT.test(name!) && (!/^type$/i.test(name!) || HARMLESS_TYPE.test(value!))
    draft.keep(from + index, from + index + (isHarmless ? fact.length : name!.length + 1))
  }
}
