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
const HARMLESS_TYPE = /^(?:file|dir|cdir|pdir|OS\.unix=\w+)$/i
const KNOWN_FACT =
  /^(?:type|size|sizd|modify|create|perm|unique|lang|media-type|charset|unix\.\w{1,16}|win32\.\w{1,8}|x\.\w{1,16})$/i
const TOTAL = /^(?:total|insgesamt|gesamt)\s+\d+\s*$/

/** Whether a line describes a file, as in a listing. */
export function isListed(line: string): boolean {
  return UNIX_LINE.test(line) || DOS_LINE.test(line) || FACTS.test(line)
}

/** Rewrites a line of a listing: sizes, times and permissions stay, names of files, owners and groups are replaced. */
export function rewriteListed(draft: LineDraft, addresses: TextAddresses, start = 0): void {
  const line = draft.text.slice(start).replace(/\r?\n$/, '')
  const end = start + line.length
  if (TOTAL.test(line)) return
  const [unix, dos, facts] = [UNIX_LINE.exec(line), DOS_LINE.exec(line), FACTS.exec(line)]
  if (unix) {
    const [, mode = '', owners = '', place = ''] = unix
    const placeAt = start + mode.length + owners.length
    draft.keep(start, start + mode.length)
    draft.keep(placeAt, placeAt + place.length)
  } else if (dos) draft.keep(start, start + dos[1]!.length)
  else if (facts) keepFacts(draft, start + line.indexOf(facts[1]!), facts[1]!)
  else addresses.replace(draft, start, end)
  keepExtension(draft, start, end)
  for (const { from, to } of draft.tokens(start, end)) draft.replace(from, to)
}

function keepFacts(draft: LineDraft, from: number, facts: string): void {
  for (const { index, 0: fact, 1: name = '', 2: value = '' } of facts.matchAll(/([^=;]+)=([^;]*);/g)) {
    if (!KNOWN_FACT.test(name)) continue
    draft.keep(from + index, from + index + (isHarmless(name, value) ? fact.length : name.length + 1))
  }
}

/** Whether a fact says nothing about who and where. */
function isHarmless(name: string, value: string): boolean {
  if (/^type$/i.test(name)) return HARMLESS_TYPE.test(value)
  if (/^perm$/i.test(name)) return /^[acdeflmprw]*$/i.test(value)
  return /^(?:size|sizd|modify|create|unix\.mode)$/i.test(name) && /^\d[\d.]*$/.test(value)
}
