// The arms of the Lifeguard paper's experiments (section V): plain SWIM, each part of Lifeguard alone, all
// of them, and what we are. Every arm has the paper's alpha 5, and beta 6 where there is one.

import { lanProfile, type MemberlistConfig } from '@reeve/memberlist';

/** The names of the arms, in the paper's order. */
export type ArmName = keyof typeof arms;

/** The settings of a member by its name. */
export type Arm = (name: string) => MemberlistConfig;

/** All arms. */
export const arms = {
  SWIM: arm({}),
  'LHA-Probe': arm({ probe: true }),
  'LHA-Suspicion': arm({ suspicion: true }),
  'Buddy System': arm({ buddySystem: true }),
  Lifeguard: arm({ probe: true, suspicion: true, buddySystem: true }),
  Reeve: arm({ probe: true, suspicion: true, buddySystem: true, ours: true }),
} satisfies Record<string, Arm>;

interface Parts {
  readonly probe?: boolean;
  readonly suspicion?: boolean;
  readonly buddySystem?: boolean;
  /** What Lifeguard does not have. */
  readonly ours?: boolean;
}

function arm({ probe = false, suspicion = false, buddySystem = false, ours = false }: Parts): Arm {
  return (name) => ({
    ...lanProfile(name),
    suspicionMult: alpha,
    suspicionMaxTimeoutMult: suspicion ? beta : 1,
    awarenessMaxMultiplier: probe ? awarenessMax : 1,
    lifeguard: {
      nacks: probe,
      confirmations: suspicion,
      briefConfirmations: ours,
      buddySystem,
      silence: ours,
    },
    compression: false, // costs only time here
  });
}

const alpha = 5;
const beta = 6;
const awarenessMax = 8;
