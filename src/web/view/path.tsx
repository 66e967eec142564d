import { useState } from 'preact/hooks'
import { hopWords } from '../../report/compare/hop-words.js'
import type { SessionPathReport, SessionReport } from '../../report/contract.js'
import { fateGroups, groupFrames, KIND_WORDS } from '../../report/place/fate-groups.js'
import { countWords, placeWords } from '../../report/place/place-words.js'
import { tellingConnections } from '../../report/place/telling-connections.js'
import { count, plural } from '../../report/text/units.js'
import { printing } from '../state.js'
import { PathDrawing } from './path-drawing.js'
import { Scroll } from './scroll.js'
import { Wire } from './wire.js'

/** Connections that are drawn at first, and at most; fates that are listed. */
const DRAWN = 3
const MOST_DRAWN = 40
const LISTED = 200

interface Props {
  /** Safe to show. */
  path: SessionPathReport
  session: SessionReport
}

/** What several places saw of a session: where, the packets between them, and what became of these. */
export function PathView({ path, session }: Props) {
  const { places, hops, signs } = path
  const { id } = session
  return (
    <>
      <section aria-labelledby={`places-${id}`}>
        <h3 id={`places-${id}`}>Captured at {plural(places.length, 'place')}</h3>
        <ul class="places">
          {places.map((place, at) => (
            <li key={at}>
              <Wire>{placeWords(place)}</Wire>
            </li>
          ))}
          {hops.map((hop, at) => {
            const words = hopWords(hop)
            return (
              words !== '' && (
                <li key={`hop ${at}`} class="faint">
                  <Wire>{`between ${places[at]!.file} and ${places[at + 1]!.file}: ${words}`}</Wire>
                </li>
              )
            )
          })}
          {signs.length > 0 && <li class="faint">the same session by: {signs.join(', ')}</li>}
        </ul>
      </section>
      <Drawings path={path} session={session} />
      <Fates path={path} session={session} />
    </>
  )
}

function Drawings({ path, session }: Props) {
  const [all, setAll] = useState(false)
  const { places, connections } = path
  const few = tellingConnections(path, session).slice(0, DRAWN)
  const drawn = all && !printing.value ? connections.slice(0, MOST_DRAWN) : few
  return (
    <section aria-labelledby={`ladder-${session.id}`}>
      <header class="tools">
        <h3 id={`ladder-${session.id}`}>
          Packets{' '}
          <span class="faint">
            {drawn.length < connections.length && `of ${drawn.length} of ${plural(connections.length, 'connection')}`}
          </span>
        </h3>
        {few.length < connections.length && (
          <button
            type="button"
            aria-pressed={all}
            onClick={() => {
              setAll(!all)
            }}
          >
            {all ? 'Only what matters' : 'All connections'}
          </button>
        )}
      </header>
      {drawn.map((connection) => (
        <figure key={connection.dataChannel} class="connection">
          <figcaption>
            <strong>{connection.kind === 'control' ? 'control' : `data ${connection.dataChannel ?? ''}`}</strong>{' '}
            <Wire>{connection.verdict}</Wire>
          </figcaption>
          <PathDrawing places={places} connection={connection} />
        </figure>
      ))}
    </section>
  )
}

function Fates({ path, session: { id } }: Props) {
  const groups = fateGroups(path.fates)
  const more = groups.length - LISTED
  return (
    <section aria-labelledby={`fates-${id}`}>
      <h3 id={`fates-${id}`}>
        Fates <span class="faint">{countWords(path.counts)}</span>
      </h3>
      {groups.length > 0 && (
        <Scroll label="Fates">
          <table>
            <thead>
              <tr>
                <th>Fate</th>
                <th>Connection</th>
                <th>Frames</th>
                <th>What became of it</th>
              </tr>
            </thead>
            <tbody>
              {groups.slice(0, LISTED).map((group, at) => (
                <tr key={at}>
                  <td class={BAD.has(group.kind) ? 'bad' : ''}>{KIND_WORDS[group.kind]}</td>
                  <td>{group.fates[0]!.dataChannel === null ? 'control' : `data ${group.fates[0]!.dataChannel}`}</td>
                  <td class="frames">
                    <Wire>{groupFrames(group)}</Wire>
                  </td>
                  <td>
                    <Wire>{group.what}</Wire>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
      {Math.max(0, more) + path.fatesLeftOut > 0 && (
        <p class="faint">{count(Math.max(0, more) + path.fatesLeftOut)} more in the JSON report</p>
      )}
    </section>
  )
}

const BAD: ReadonlySet<string> = new Set(['lost', 'injected'])
