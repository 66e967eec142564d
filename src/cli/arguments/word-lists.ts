import { InvalidArgumentError } from 'commander'
import { OUTCOMES } from '../../diagnose/outcome.js'
import { FIELD_NAMES } from '../../report/choose/fields.js'
import { nearest } from '../../report/choose/nearest.js'
import type { Outcome } from '../../report/contract.js'
import { FAIL_ON, type FailOn } from '../options.js'
import { findFinding, meantWords } from '../commands/findings-index.js'

/** Parser of an option that takes words separated by commas and may be repeated. */
export function wordList(text: string, before: readonly string[] = []): string[] {
  const words = text.split(',').map((word) => word.trim())
  if (words.includes('')) throw new InvalidArgumentError('Give one or more, separated by commas.')
  return [...before, ...words]
}

export function outcomeList(text: string, before: readonly Outcome[] = []): Outcome[] {
  const outcomes = wordList(text).map((word) => {
    const outcome = OUTCOMES.find((each) => each === word.toLowerCase())
    if (!outcome) throw new InvalidArgumentError(`Give one or more of ${OUTCOMES.join(', ')}.`)
    return outcome
  })
  return [...before, ...outcomes]
}

export function failOnList(text: string, before: readonly FailOn[] = []): FailOn[] {
  const list = wordList(text).map((word) => {
    const failOn = FAIL_ON.find((each) => each === word.toLowerCase())
    if (!failOn) throw new InvalidArgumentError(`Give one or more of ${FAIL_ON.join(', ')}.`)
    return failOn
  })
  return [...before, ...list]
}

/** Ids of findings; where `patterns` are taken, `tls-*` as well. */
export function findingList(patterns: boolean): (text: string, before?: readonly string[]) => string[] {
  return (text, before = []) => {
    const ids = wordList(text).map((word) => {
      if (patterns && /[*?]/.test(word)) return word
      return findingId(word)
    })
    return [...before, ...ids]
  }
}

/** One finding by its id. */
export function findingId(word: string): string {
  const found = findFinding(word)
  if ('meant' in found) throw new InvalidArgumentError(`There is no finding ${word}; ${meantWords(found.meant)}.`)
  return found.id
}

/** A field of the expression language, descending after a minus. */
export function sortKey(text: string): string {
  const name = text.replace(/^-/, '')
  if (FIELD_NAMES.includes(name)) return text
  const meant = nearest(name, FIELD_NAMES)
  throw new InvalidArgumentError(
    meant === null ? `Give one of ${FIELD_NAMES.join(', ')}.` : `There is no field ${name}; did you mean ${meant}?`,
  )
}
