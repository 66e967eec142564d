import { useEffect } from 'preact/hooks'
import type { Analysis } from '../../report/contract.js'
import { analysis, joined, printing, selected, sessions } from '../state.js'
import { problems } from '../analysis-run.js'
import { examplesOfCauses } from '../model/printed-sessions.js'
import { applyTheme } from '../theme.js'
import { Causes } from './causes.js'
import { Header } from './header.js'
import { SessionView } from './session.js'
import { Sessions } from './sessions.js'
import { Start } from './start.js'
import { Summary } from './summary.js'
import { Wire } from './wire.js'

export function App({ isApp }: { isApp: boolean }) {
  applyTheme()
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      const typing = event.target instanceof HTMLInputElement
      if (event.key !== '/' || typing || event.ctrlKey || event.metaKey) return
      const field = document.querySelector<HTMLElement>('#search')
      if (!field) return
      event.preventDefault()
      field.focus()
    }
    addEventListener('keydown', onKeyDown)
    return () => {
      removeEventListener('keydown', onKeyDown)
    }
  }, [])
  const shown = analysis.value
  return (
    <>
      <Header analysis={shown} isApp={isApp} />
      {shown ? <Report analysis={shown} /> : <Start />}
    </>
  )
}

function Report({ analysis: shown }: { analysis: Analysis }) {
  const rows = [...joined.value.rows]
  const several = rows.length > 1
  return (
    <main class="report">
      {problems.value.length > 0 && (
        <ul class="problems" role="alert">
          {problems.value.map((problem) => (
            <li key={problem}>
              <Wire>{problem}</Wire>
            </li>
          ))}
        </ul>
      )}
      <Summary analysis={shown} />
      {several && <Causes analysis={{ ...shown, sessions: rows }} />}
      {several && <Sessions all={rows} />}
      <div id="session" tabIndex={-1}>
        <Details several={several} />
      </div>
      {!several && shown.findings.length > 0 && <Causes analysis={{ ...shown, sessions: [] }} />}
      <footer class="faint">
        {shown.tool.name} {shown.tool.version}
      </footer>
    </main>
  )
}

function Details({ several }: { several: boolean }) {
  if (printing.value && several) {
    const wrong = examplesOfCauses(sessions.value)
    const list = wrong.length > 0 ? wrong : selected.value ? [selected.value] : []
    return (
      <>
        {list.map((session) => (
          <SessionView key={session.id} session={session} only={false} brief />
        ))}
      </>
    )
  }
  const session = selected.value
  return session && <SessionView key={session.id} session={session} only={!several} />
}
