import { ftpProxy } from './ftp-proxy.js'
import { ipVsFtp } from './ip-vs-ftp.js'
import { ipfilter } from './ipfilter.js'
import { libalias } from './libalias.js'
import { nfConntrackFtp } from './nf-conntrack-ftp.js'
import { strictInspection } from './strict-inspection.js'
import type { Tracker } from './alg.js'

export const TRACKERS: readonly Tracker[] = [nfConntrackFtp, ipVsFtp, ipfilter, libalias, ftpProxy, strictInspection]
