/** Networks that container engines create by default. */
import { IPV4_LENGTH, parseAddress } from '../../wire/address.js'

/** Docker's default pools are 172.17.0.0/16 to 172.31.0.0/16 (172.16.0.0/16 is not among them). */
const DOCKER_FIRST = 17
const DOCKER_LAST = 31
/** Second octets of 10.0.0.0/8: k3s and RKE2 pods, Podman, Flannel's pods. */
const IN_TEN: ReadonlySet<number> = new Set([42, 88, 244])

/** The address is of a network that Docker, Podman or Kubernetes creates by default. */
export function isContainerAddress(address: string): boolean {
  const bytes = parseAddress(address)
  if (bytes?.length !== IPV4_LENGTH) return false
  const [first, second] = [bytes[0]!, bytes[1]!]
  return (first === 172 && second >= DOCKER_FIRST && second <= DOCKER_LAST) || (first === 10 && IN_TEN.has(second))
}
