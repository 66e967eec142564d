import type { SessionReport, Vantage } from '../contract.js'

/** What the analysis of one place says of a connection. */
export interface FtpStream {
  kind: 'control' | 'data'
  session: number
  /** The data connection was opened by the server. */
  active: boolean
  vantage: Vantage
}

/** Which connections of a place belong to FTP sessions, by its own analysis. */
export class FtpStreams {
  readonly #sessions: Pick<SessionReport, 'firstFrame' | 'tcpStream' | 'vantage' | 'dataChannels'>[] = []
  readonly #byStream = new Map<number, FtpStream>()

  /** Takes a session; only what is needed of it is kept. */
  add({ firstFrame, tcpStream, vantage, dataChannels }: SessionReport): void {
    const connections = dataChannels.filter(({ connection }) => connection !== null)
    this.#sessions.push({ firstFrame, tcpStream, vantage, dataChannels: connections })
  }

  /** All sessions were added: they are numbered as in a report of that place alone. */
  number(): void {
    this.#sessions.sort((a, b) => a.firstFrame - b.firstFrame || a.tcpStream - b.tcpStream)
    this.#sessions.forEach(({ tcpStream, vantage, dataChannels }, index) => {
      const base = { session: index + 1, vantage: vantage.at }
      this.#byStream.set(tcpStream, { ...base, kind: 'control', active: false })
      for (const { mode, connection } of dataChannels) {
        const stream = connection!.tcpStream
        if (!this.#byStream.has(stream))
          this.#byStream.set(stream, { ...base, kind: 'data', active: mode === 'active' })
      }
    })
  }

  of(stream: number): FtpStream | null {
    return this.#byStream.get(stream) ?? null
  }

  /** Streams of each session. */
  get kin(): { control: number; data: number[] }[] {
    return this.#sessions.map(({ tcpStream, dataChannels }) => ({
      control: tcpStream,
      data: dataChannels.map(({ connection }) => connection!.tcpStream),
    }))
  }
}
