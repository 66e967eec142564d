/** Of the contract: what a capture holds where it holds no session. */

export interface SeenReport {
  /**
   * `connections`: TCP, by the responder's port. `datagrams`: UDP, by the lower port. `packets`: other protocols.
   * `unanswered-address`: ARP without an answer. `other-hosts`: FTP of hosts that were not asked for. `undecoded`:
   * frames that say nothing. `nothing`: no frames at all.
   */
  kind: 'connections' | 'datagrams' | 'packets' | 'unanswered-address' | 'other-hosts' | 'undecoded' | 'nothing'
  /** "SSH", "TFTP", "ESP"; `null` where it is not known. */
  protocol: string | null
  port: number | null
  /** Connections, packets, or requests. */
  count: number
  firstFrame: number | null
  /** "1 connection to 203.0.113.20:22 is SSH: files go over SFTP or SCP there, not FTP" */
  sentence: string
}
