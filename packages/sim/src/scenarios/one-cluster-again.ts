// The end of scenarios of healing: nothing is in the way any more and nobody helps, and within a minute there
// is one cluster, which everybody's events reach and which stays as it is.

/** The last lines of such a script. */
export const oneClusterAgain: readonly string[] = [
  'heal',
  'settle 60s',
  'event anyone healed',
  'rest 10s',
  'settle 30s',
];
