// Lines to the machine's syslog. By itself, since who does not use it shall not load it.

export type { SyslogPlace } from './syslog-pipe.ts';
export { findSyslog, SyslogPipe, syslogFacility, syslogFacilityNames } from './syslog-pipe.ts';
