/** A sanitized copy of each sample has the judgement of the original, and no name, password, path or address of it. */
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Analysis } from '../../../src/index.js'
import { isVocabulary } from '../../../src/slice/sanitize/vocabulary.js'
import { addressText, parseAddress } from '../../../src/wire/address.js'
import { read } from '../../capture/read.js'
import { sampleCaptures } from '../../support/captures.js'
import { cases } from '../../property/check.js'
import { analyzedBytes } from '../copies.js'
import { judgementOf, sanitized } from './sanitized.js'

/** Shorter words are found anywhere by chance. */
const SHORTEST = 5
/** Addresses that stay, since they say nothing of a network. */
const FIXED = /^(?:0\.|127\.|224\.0\.0\.|255\.255\.255\.255|::1?$|ff0)/

/** Words of what clients sent that no program is shipped with. */
function wordsOf({ sessions }: Analysis): Set<string> {
  const texts = sessions.flatMap((session) => [
    session.user ?? '',
    ...session.exchanges.flatMap(({ command, argument }) =>
      ['USER', 'PASS', 'ACCT', 'CWD', 'RETR', 'STOR', 'SIZE', 'HOST', 'MKD', 'RNFR', 'RNTO'].includes(command ?? '')
        ? [argument ?? '']
        : [],
    ),
    ...session.dataChannels.map(({ transfer }) => transfer?.path ?? ''),
  ])
  const words = texts.flatMap((text) => text.match(/[A-Za-z0-9]+/g) ?? [])
  return new Set(
    words.filter((word) => {
      const isCommon = word.split(/(?<=\D)(?=\d)|(?<=\d)(?=\D)/).every((part) => isVocabulary(part.toLowerCase()))
      return word.length >= SHORTEST && !isCommon && !/^\d+$/.test(word)
    }),
  )
}

function addressesOf({ sessions }: Analysis): Set<string> {
  const all = sessions.flatMap((session) => [
    session.client.address,
    session.server.address,
    ...session.dataChannels.flatMap(({ announcement, from, to }) => [announcement?.address, from.address, to.address]),
  ])
  return new Set(all.filter((each) => typeof each === 'string' && !FIXED.test(each)) as string[])
}

/** That a file ends in the middle of a packet cannot be seen in a copy. */
const OF_FILES = new Set(['capture-incomplete-file'])
/** A copy takes several readings: the quick run tries some. */
const SHARE = cases(16, 1)
const FILES = sampleCaptures().filter((_, index) => index % SHARE === 0)

const latin1 = (bytes: Uint8Array | number[]) => Buffer.from(bytes).toString('latin1')

describe('a sanitized copy', () => {
  it.each(FILES)('is judged like its original: %s', (path) => {
    const { copy, analysis } = sanitized([new Uint8Array(readFileSync(path))])
    const expected = judgementOf(analysis)
    expect(judgementOf(analyzedBytes([copy]))).toEqual({
      ...expected,
      findings: expected.findings.filter(({ id }) => !OF_FILES.has(id)),
    })
  })

  it.each(FILES)('has no word and no address of its original: %s', (path) => {
    const file = new Uint8Array(readFileSync(path))
    const { copy } = sanitized([file])
    const text = latin1(copy)
    const folded = text.toLowerCase()
    const analysis = analyzedBytes([file], { showSecrets: true })
    const found: string[] = []
    for (const word of wordsOf(analysis)) if (folded.includes(word.toLowerCase())) found.push(word)
    const images = addressesOf(analyzedBytes([copy]))
    for (const address of addressesOf(analysis)) {
      const bytes = parseAddress(address)!
      // An address may be the image of another one, and then it is in the copy.
      if (images.has(address)) continue
      const commas = bytes.length === 4 ? [bytes.join(',')] : []
      for (const form of [address, addressText(bytes, 0, bytes.length === 4 ? 4 : 6), ...commas, latin1(bytes)])
        if (contains(text, form)) found.push(form)
    }
    for (const { linkType, data } of read([file]).frames) {
      if (linkType !== 1 || data.length < 12) continue
      for (const mac of [data.slice(0, 6), data.slice(6, 12)])
        if (mac.some((byte) => byte !== 0) && mac.some((byte) => byte !== 0xff) && text.includes(latin1(mac)))
          found.push(`MAC ${Buffer.from(mac).toString('hex')}`)
    }
    expect({ [basename(path)]: [...new Set(found)] }).toEqual({ [basename(path)]: [] })
  })
})

/** Whether it is there, and not as a part of a longer number. */
function contains(text: string, form: string): boolean {
  if (!/^[\d.,]+$/.test(form)) return text.includes(form)
  return new RegExp(`(?<![\\d.,])${form.replace(/[.]/g, '\\.')}(?![\\d])`).test(text)
}
