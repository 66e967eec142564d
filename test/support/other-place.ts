/** A scene as another place of capture sees it: for samples of several places. */
import { captureAt, type SplitPlace } from '../paths/split.js'
import type { Scene } from './scene.js'
import type { ScenePacket } from './scene-packet.js'

/** The capture of a scene there; `client` is the address of the host that is on the client's side. */
export function seenElsewhere(
  { packets }: Scene,
  client: string,
  description: string,
  place: Omit<SplitPlace, 'name'>,
): Pick<Scene, 'description' | 'toPcap'> {
  return { description, toPcap: () => captureAt(packets, client, { name: '', ...place }).bytes }
}

/** Whether a packet carries a reply with that code. */
export function isReply({ payload }: ScenePacket, code: number): boolean {
  return new TextDecoder().decode(payload).startsWith(`${code} `)
}
