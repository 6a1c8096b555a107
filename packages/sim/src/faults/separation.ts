// Machines that do not reach each other, both ways or one. Datagrams are lost, streams held up.

import type { Machines } from '@reeve/runtime/virtual';
import type { Fault } from './fault.ts';

/** Nothing passes between `a` and `b`, by default everybody else. */
export function partition(a: Machines, b?: Machines): Fault {
  return ({ network }) => network.partition(a, b);
}

/** Nothing passes from `a` to `b`, by default everybody else; the way back stays. */
export function cut(a: Machines, b?: Machines): Fault {
  return ({ network }) => network.cut(a, b);
}
