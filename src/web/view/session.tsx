import { endpointText } from '../../diagnose/words/evidence.js'
import { headedSide } from '../../diagnose/remedies/addressee.js'
import { causeOf } from '../../report/cause.js'
import type { FindingReport, SessionReport } from '../../report/contract.js'
import { duration } from '../../report/text/units.js'
import { tlsLines, type TlsSubject } from '../../report/text/tls-words.js'
import { vantageWords } from '../../report/text/vantage.js'
import { shown } from '../model/shown.js'
import { joined, sessions, selectedId } from '../state.js'
import { Dialogue } from './dialogue.js'
import { Endpoints } from './endpoints.js'
import { Explanation } from './explanation.js'
import { CONFIDENCES, Evidence, OtherFinding, Remedy, SIDES } from './finding.js'
import { LadderView } from './ladder.js'
import { OutcomeBadge } from './outcome.js'
import { PathView } from './path.js'
import { readable } from './summary.js'
import { Transfers } from './transfers.js'
import { Wire } from './wire.js'

interface SessionProps {
  session: SessionReport
  /** No other sessions are in the report. */
  only: boolean
  /** Its verdict, packets and transfers alone, in print. */
  brief?: boolean
}

/** Everything about one session, from verdict to dialogue. */
export function SessionView({ session, only, brief = false }: SessionProps) {
  const safe = shown(session)
  const { findings } = safe
  const path = joined.value.pathOf(session)
  const cause = causeOf(safe)
  const others = findings.filter((finding) => finding !== cause)
  return (
    <article class="session" aria-labelledby={`title-${safe.id}`}>
      <header>
        <h2 id={`title-${safe.id}`} class="session-title">
          {!only && `Session ${joined.value.idsOf(safe).join(', ')}: `}
          {endpointText(safe.client.address, safe.client.port)} <span aria-label="to">→</span>{' '}
          {endpointText(safe.server.address, safe.server.port)}
        </h2>
        {!only && <Neighbours id={safe.id} />}
      </header>
      <p class="faint">
        <Wire>{facts(safe).join(' · ')}</Wire>
      </p>
      <Verdict session={safe} cause={cause} />
      {path ? <PathView path={shown(path)} session={safe} /> : <LadderView session={safe} />}
      <Transfers session={safe} />
      {others.length > 0 && !brief && (
        <section aria-labelledby={`others-${safe.id}`}>
          <h3 id={`others-${safe.id}`}>{cause ? 'Also found' : 'Found'}</h3>
          <div class="causes">
            {others.map((finding) => (
              <OtherFinding key={finding.id} finding={finding} open={finding.severity === 'error'} />
            ))}
          </div>
        </section>
      )}
      {!brief && (
        <>
          <Endpoints session={safe} />
          <Encryption session={safe} />
          <Background session={safe} />
          <Dialogue session={safe} />
        </>
      )}
    </article>
  )
}

const SECURITY = {
  none: 'no encryption',
  'explicit-tls': 'explicit TLS',
  'implicit-tls': 'implicit TLS',
  gssapi: 'GSSAPI',
} as const

function facts(session: SessionReport): string[] {
  const { start, durationMs, user, login, security, decrypted, serverSoftware, clientSoftware } = session
  const list = [`${readable(start)}, ${duration(durationMs)}`]
  list.push(user === null ? 'no user' : `user ${user}, login ${login}`)
  if (security !== 'none') list.push(SECURITY[security] + (decrypted ? ', decrypted' : ''))
  if (serverSoftware !== null) list.push(`server ${serverSoftware}`)
  if (clientSoftware !== null) list.push(`client ${clientSoftware}`)
  return list
}

const TLS_LABELS: Readonly<Record<TlsSubject, string>> = {
  control: 'Control connection',
  data: 'Data connections',
  'server-certificate': 'Server certificate',
  'client-certificate': 'Client certificate',
}

/** Version, suite and certificates. */
function Encryption({ session }: { session: SessionReport }) {
  const lines = tlsLines(session)
  if (lines.length === 0) return null
  const { id } = session
  return (
    <section aria-labelledby={`encryption-${id}`}>
      <h3 id={`encryption-${id}`}>TLS</h3>
      {lines.map(([subject, text]) => (
        <p key={subject}>
          {TLS_LABELS[subject]}: <Wire>{text}</Wire>
        </p>
      ))}
    </section>
  )
}

/** Where the session was captured and how that is known, and how fast the server replied. */
function Background({ session: { id, vantage, latency } }: { session: SessionReport }) {
  const place = vantageWords(vantage.at) ?? 'captured at an unknown point'
  return (
    <section aria-labelledby={`background-${id}`}>
      <h3 id={`background-${id}`}>Observation point and latency</h3>
      <p>
        {place.charAt(0).toUpperCase() + place.slice(1)}
        {vantage.reasons.length > 0 && (
          <>
            {' '}
            ({CONFIDENCES[vantage.confidence]}): <Wire>{vantage.reasons.join('; ')}</Wire>
          </>
        )}
        .
      </p>
      {latency && (
        <p>
          <Wire>{latency.sentence}</Wire>
        </p>
      )}
    </section>
  )
}

function Verdict({ session, cause }: { session: SessionReport; cause: FindingReport | undefined }) {
  const { verdict } = session
  return (
    <section class={`verdict ${verdict.outcome}`} aria-label="Verdict">
      <p class="sentence">
        <OutcomeBadge outcome={verdict.outcome} large />
        <Wire>{verdict.sentence}</Wire>
      </p>
      {cause && (
        <div class="columns">
          <div>
            <h3>What to change {SIDES[headedSide(cause)]}</h3>
            <Remedy finding={cause} />
          </div>
          <div>
            <h3>
              Evidence <span class="faint">{CONFIDENCES[cause.confidence]}</span>
            </h3>
            {cause.message !== verdict.sentence && (
              <p>
                <Wire>{cause.message}</Wire>
              </p>
            )}
            <Evidence finding={cause} />
            {cause.rivals.length > 0 && <p class="faint">Could also be {cause.rivals.join(', ')}.</p>}
          </div>
        </div>
      )}
      {verdict.settledBy !== null && (
        <p>
          <strong>To be sure:</strong> <Wire>{verdict.settledBy}</Wire>
        </p>
      )}
      {cause && (
        <>
          {cause.references.length > 0 && <p class="faint">{cause.references.join(' · ')}</p>}
          <Explanation id={cause.id} />
        </>
      )}
    </section>
  )
}

/** Links to the sessions before and after this one in the list. */
function Neighbours({ id }: { id: number }) {
  const list = sessions.value
  const at = list.findIndex((session) => session.id === id)
  const step = (by: number) => {
    const target = at < 0 ? undefined : list[at + by]
    return {
      disabled: !target,
      onClick: () => {
        if (target) selectedId.value = target.id
      },
    }
  }
  return (
    <nav aria-label="Sessions" class="neighbours">
      <button type="button" {...step(-1)}>
        Previous
      </button>
      <button type="button" {...step(1)}>
        Next
      </button>
    </nav>
  )
}
