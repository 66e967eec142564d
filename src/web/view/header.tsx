import type { Analysis } from '../../report/contract.js'
import { plural } from '../../report/text/units.js'
import { saveJson, saveReport } from '../save.js'
import { show } from '../state.js'
import { shown } from '../model/shown.js'
import { currentTheme, toggleTheme } from '../theme.js'
import { Wire } from './wire.js'

export function Header({ analysis, isApp }: { analysis: Analysis | null; isApp: boolean }) {
  const dark = currentTheme() === 'dark'
  return (
    <header class="top">
      <p class="brand">
        <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
          <path d="M4 3v18M20 3v18M4 8h13m-3-3 3 3-3 3M20 16H7m3-3-3 3 3 3" />
        </svg>
        ftpscope
      </p>
      {analysis && <FileNames analysis={analysis} />}
      <nav aria-label="Report">
        {analysis && isApp && (
          <button
            type="button"
            onClick={() => {
              show(null)
            }}
          >
            Open another
          </button>
        )}
        {analysis && isApp && (
          <button type="button" onClick={() => void saveReport(analysis)}>
            Save report
          </button>
        )}
        {analysis && (
          <button type="button" onClick={() => void saveJson(analysis)}>
            Save JSON
          </button>
        )}
        {analysis && (
          <button
            type="button"
            onClick={() => {
              print()
            }}
          >
            Print
          </button>
        )}
        <button type="button" aria-pressed={dark} onClick={toggleTheme}>
          Dark
        </button>
      </nav>
    </header>
  )
}

function FileNames({ analysis }: { analysis: Analysis }) {
  const { files } = shown(analysis.capture)
  const [first] = files
  if (!first) return null
  const name = first.path.split(/[/\\]/).at(-1) ?? first.path
  return (
    <p class="file" title={files.map(({ path }) => path).join('\n')}>
      <Wire>{name}</Wire>
      {files.length > 1 && ` and ${plural(files.length - 1, 'more file')}`}
    </p>
  )
}
