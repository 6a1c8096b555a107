// What tests look at; the program is main.ts.

export { alternate, type Samples } from './alternate.ts';
export { withServers } from './consul/servers.ts';
export { AnswerReader } from './load/answer-reader.ts';
export { runDnsLoad } from './load/dns-load.ts';
export { runHttpLoad } from './load/http-load.ts';
export type { LoadJob, LoadYield } from './load/job.ts';
export { loadFigures, loadValues } from './load/load-figures.ts';
export { type DnsType, dnsQuery, getRequest, putRequest } from './load/requests.ts';
export type { Effort, Figure, Goal, Measure, Say } from './measure.ts';
export { chooseMeasures, unknownMeasure } from './measures.ts';
export { formatTable, formatTables } from './report.ts';
export { type PeerResult, type Result, resultsOf } from './results.ts';
export { quantile, type Spread, spreadOf } from './statistics.ts';
