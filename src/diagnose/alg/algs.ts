import { ftpProxy } from './ftp-proxy.js'
import { ipVsFtp } from './ip-vs-ftp.js'
import { ipfilter } from './ipfilter.js'
import { libalias } from './libalias.js'
import { nfConntrackFtp } from './nf-conntrack-ftp.js'
import { strictInspection } from './strict-inspection.js'
import type { Alg } from './alg.js'

export const ALGS: readonly Alg[] = [nfConntrackFtp, ipVsFtp, ipfilter, libalias, ftpProxy, strictInspection]
