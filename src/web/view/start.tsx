import { useRef, useState } from 'preact/hooks'
import { bytes, duration } from '../../report/text/units.js'
import { problems, type Run, run, start, cancel, stop } from '../analysis-run.js'
import { droppedFiles } from '../dropped-files.js'
import type { AnalyzeOptions } from '../../options.js'
import { OptionsForm } from './options-form.js'
import { Wire } from './wire.js'

/** Where captures are chosen or dropped, and the progress of reading them. */
export function Start() {
  const options = useRef<AnalyzeOptions>({})
  const [over, setOver] = useState(false)
  const take = (files: readonly File[]): void => {
    if (files.length > 0) void start(files, options.current)
  }
  return (
    <main
      class={`start${over ? ' over' : ''}`}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => {
        setOver(false)
      }}
      onDrop={(event) => {
        event.preventDefault()
        setOver(false)
        if (event.dataTransfer) void droppedFiles(event.dataTransfer).then(take)
      }}
    >
      <h1>Why did the FTP session fail?</h1>
      <p class="lead">
        Drop captures here (pcap or pcapng, also in gzip or zstd, several at once); with them, for FTPS, the key log or
        the server’s RSA private key. They are analyzed in this browser: nothing leaves your machine.
      </p>
      {run.value ? <Reading run={run.value} /> : <Choose take={take} options={options} />}
      {problems.value.length > 0 && (
        <ul class="problems" role="alert">
          {problems.value.map((problem) => (
            <li key={problem}>
              <Wire>{problem}</Wire>
            </li>
          ))}
        </ul>
      )}
      <p class="faint">
        What to capture: TCP and ICMP between the two hosts, not port 21 alone, or the data connections are missing. For
        a “can’t connect” problem, capture at the client.
      </p>
    </main>
  )
}

function Choose({ take, options }: { take: (files: readonly File[]) => void; options: { current: AnalyzeOptions } }) {
  const field = useRef<HTMLInputElement>(null)
  return (
    <>
      <p>
        <button
          type="button"
          class="primary"
          onClick={() => {
            field.current?.click()
          }}
        >
          Choose captures
        </button>
        <input
          ref={field}
          type="file"
          multiple
          class="hidden"
          tabIndex={-1}
          aria-label="Captures"
          onChange={({ currentTarget }) => {
            take([...(currentTarget.files ?? [])])
          }}
        />
      </p>
      <OptionsForm options={options} />
    </>
  )
}

function Reading({ run: { progress, stopping } }: { run: Run }) {
  const share = progress && progress.size > 0 ? progress.bytesRead / progress.size : 0
  return (
    <div class="reading">
      <progress value={share} max={1} aria-label="Read so far" />
      <p>
        {progress ? (
          <>
            <Wire>{progress.path}</Wire>: {words(progress)}
          </>
        ) : (
          'Examining the files'
        )}
      </p>
      <p>
        <button type="button" disabled={stopping} onClick={stop}>
          Stop here and report
        </button>{' '}
        <button type="button" onClick={cancel}>
          Cancel
        </button>
      </p>
    </div>
  )
}

function words({ bytesRead, size, milliseconds }: NonNullable<Run['progress']>): string {
  const rate = bytesRead / Math.max(1, milliseconds)
  const left = rate > 0 ? `, ${duration(Math.ceil((size - bytesRead) / rate / 1000) * 1000)} left` : ''
  return `${Math.floor((100 * bytesRead) / Math.max(1, size))} % of ${bytes(size)}, ${bytes(Math.round(rate * 1000))}/s${left}`
}
