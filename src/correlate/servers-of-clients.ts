/** Clients remembered, and servers of each. */
const MAX_CLIENTS = 4096
const MAX_SERVERS = 16

/** Which servers a client has control connections with: data between two of them is an exchange that it asked for. */
export class ServersOfClients {
  readonly #servers = new Map<string, Set<string>>()

  note(client: string, server: string): void {
    let servers = this.#servers.get(client)
    if (!servers) {
      if (this.#servers.size >= MAX_CLIENTS) this.#servers.delete(this.#servers.keys().next().value!)
      this.#servers.set(client, (servers = new Set()))
    }
    if (servers.size < MAX_SERVERS) servers.add(server)
  }

  knows(client: string, server: string): boolean {
    return this.#servers.get(client)?.has(server) ?? false
  }
}
