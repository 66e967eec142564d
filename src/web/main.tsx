/** The page: a report if it contains an analysis, otherwise the program that analyzes captures. */
import './styles/page.css'
import { render } from 'preact'
import { ANALYSIS_ELEMENT, EXPLANATIONS_ELEMENT } from '../report/page/template.js'
import { loadAnalysis } from './model/load.js'
import { textOf } from './page-parts.js'
import { explanations, printing, show } from './state.js'
import { App } from './view/app.js'

const root = document.querySelector('#app')!
const carried = document.querySelector<HTMLScriptElement>(`#${ANALYSIS_ELEMENT}`)

if (carried) {
  document.body.dataset['state'] = 'loading'
  loadAnalysis(carried.textContent, carried.type).then(
    (analysis) => {
      carried.remove()
      const pages = textOf(`#${EXPLANATIONS_ELEMENT}`)
      if (pages !== '') explanations.value = new Map(Object.entries(JSON.parse(pages) as Record<string, string>))
      show(analysis)
      draw()
    },
    (error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error)
      root.textContent = `The analysis in this page is corrupt: ${reason}`
    },
  )
} else draw()

function draw(): void {
  delete document.body.dataset['state']
  render(<App isApp={!carried} />, root)
}

// The print layout differs from the screen and must be ready at once: the browser prints the page as it is when these
// return.
addEventListener('beforeprint', () => {
  printing.value = true
  draw()
})
addEventListener('afterprint', () => {
  printing.value = false
  draw()
})
