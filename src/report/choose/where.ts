import type { SessionReport } from '../contract.js'
import { type TimeZone, UTC } from '../time-zone.js'
import { FIELD_NAMES, FIELDS } from './fields.js'
import { nearest } from './nearest.js'
import { matcher } from './matchers.js'
import { type Expression, ExpressionError, parseExpression } from './parse.js'
import { searchText } from './search-text.js'

/** Whether a session is one of those that are asked for. */
export type Chooses = (session: SessionReport) => boolean

/**
 * The sessions that an expression (`parse.ts`) describes; times in it are in `zone`.
 * @throws ExpressionError for one that cannot be understood
 */
export function where(text: string, zone: TimeZone = UTC): Chooses {
  return compiled(parseExpression(text), zone)
}

function compiled(expression: Expression, zone: TimeZone): Chooses {
  switch (expression.kind) {
    case 'or': {
      const parts = expression.parts.map((part) => compiled(part, zone))
      return (session) => parts.some((part) => part(session))
    }
    case 'and': {
      const parts = expression.parts.map((part) => compiled(part, zone))
      return (session) => parts.every((part) => part(session))
    }
    case 'not': {
      const part = compiled(expression.part, zone)
      return (session) => !part(session)
    }
    case 'word': {
      const word = expression.text.toLowerCase()
      return (session) => searchText(session).includes(word)
    }
    case 'compare':
      return comparison(expression, zone)
  }
}

function comparison({ field: name, operator, values, at }: Expression & { kind: 'compare' }, zone: TimeZone): Chooses {
  const field = Object.hasOwn(FIELDS, name.toLowerCase()) ? FIELDS[name.toLowerCase()]! : null
  if (!field) {
    const meant = nearest(name, FIELD_NAMES)
    const hint = meant === null ? `there are ${FIELD_NAMES.join(', ')}` : `did you mean ${meant}?`
    throw new ExpressionError(`Unknown field "${name}"; ${hint}`, at)
  }
  const matchers = values.map((value) => {
    const made = matcher(field.kind, operator, value, zone)
    if (typeof made === 'string') throw new ExpressionError(made, at)
    return made
  })
  const has: Chooses = (session) =>
    field.of(session).some((value) => value !== null && value !== undefined && matchers.some((each) => each(value)))
  return operator === '!=' || operator === '!~' ? (session) => !has(session) : has
}
