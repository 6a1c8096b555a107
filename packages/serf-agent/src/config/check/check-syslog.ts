// Syslog: whether the facility exists, and somebody listens.

import { errorText } from '../../error-text.ts';
import type { Findings } from './problem.ts';
import type { ReadConfig } from './read-sources.ts';

/** Looks whether the log could be sent to syslog, if it is to be. */
export async function checkSyslog({ config, place }: ReadConfig, findings: Findings): Promise<void> {
  if (!config.enableSyslog) return;
  const { findSyslog, syslogFacility, syslogFacilityNames } = await import('@reeve/runtime/syslog');
  try {
    syslogFacility(config.syslogFacility);
  } catch (error) {
    const fix = `Choose one of ${syslogFacilityNames.join(', ')}.`;
    findings.error(place('syslogFacility'), errorText(error), fix);
  }
  await findSyslog().catch((error) =>
    findings.error(
      place('enableSyslog'),
      errorText(error),
      'Start a syslog daemon here, or leave syslog out.',
    ),
  );
}
