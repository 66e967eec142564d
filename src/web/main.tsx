/** The page: a report when it carries an analysis, otherwise the program that makes one from captures. */
import './styles/page.css'
import { render } from 'preact'
import { ANALYSIS_ELEMENT } from '../report/page/template.js'
import { loadAnalysis } from './model/load.js'
import './page-parts.js'
import { printing, show } from './state.js'
import { App } from './view/app.js'

const root = document.querySelector('#app')!
const carried = document.querySelector<HTMLScriptElement>(`#${ANALYSIS_ELEMENT}`)

if (carried) {
  document.body.dataset['state'] = 'loading'
  loadAnalysis(carried.textContent, carried.type).then(
    (analysis) => {
      carried.remove()
      show(analysis)
      draw()
    },
    (error: unknown) => {
      root.textContent = `The analysis in this page is damaged: ${error instanceof Error ? error.message : String(error)}`
    },
  )
} else draw()

function draw(): void {
  delete document.body.dataset['state']
  render(<App isApp={!carried} />, root)
}

// Paper needs another page than the screen, and at once: the browser prints what is there when these return.
addEventListener('beforeprint', () => {
  printing.value = true
  draw()
})
addEventListener('afterprint', () => {
  printing.value = false
  draw()
})
