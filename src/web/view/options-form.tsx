import type { AnalyzeOptions } from '../../options.js'

/** What the command line takes as --port, --host and --show-secrets. */
export function OptionsForm({ options }: { options: { current: AnalyzeOptions } }) {
  const set = (part: AnalyzeOptions): void => {
    options.current = { ...options.current, ...part }
  }
  return (
    <details class="options">
      <summary>Options</summary>
      <label>
        Control ports besides 21, 990, 2121 and those found by content
        <input
          type="text"
          inputMode="numeric"
          placeholder="2100, 8021"
          onInput={({ currentTarget }) => {
            set({ ports: words(currentTarget.value).map(Number).filter(isPort) })
          }}
        />
      </label>
      <label>
        Only sessions of these addresses
        <input
          type="text"
          placeholder="192.0.2.1, 2001:db8::1"
          onInput={({ currentTarget }) => {
            set({ hosts: words(currentTarget.value) })
          }}
        />
      </label>
      <label class="check">
        <input
          type="checkbox"
          onChange={({ currentTarget }) => {
            set({ showSecrets: currentTarget.checked })
          }}
        />
        Show passwords
      </label>
    </details>
  )
}

function words(text: string): string[] {
  return text.split(/[\s,;]+/).filter(Boolean)
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65535
}
