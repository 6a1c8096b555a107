// A property that must hold in every run, whatever the faults. One a file; all.ts lists them.
//
// A checker is told what happens and answers with a sentence when its property is broken. It is made anew for
// each run and only looks; it never changes anything.

import type { SerfEvent, Tags } from '@reeve/serf/core';
import type { RetryStep } from '../cluster/agent.ts';
import type { BeliefChange } from '../cluster/beliefs.ts';
import type { ScriptStep, SimNode } from '../cluster/node.ts';

/** What has gone wrong, or undefined. */
export type Verdict = string | undefined;

/** Watches over one property. */
export interface Checker {
  /** The property, as a sentence. */
  readonly property: string;
  /** A node has changed its mind about another, or about itself. */
  onBelief?(change: BeliefChange): Verdict;
  /** The application on a node is told something. */
  onTold?(node: SimNode, event: SerfEvent): Verdict;
  /** A node sends a user event, known by its name and payload. */
  onSending?(node: SimNode, event: string): Verdict;
  /** A node is answered a query of its own. */
  onAnswer?(node: SimNode, query: string, from: string): Verdict;
  /** The process of a node is up. */
  onStarted?(node: SimNode): Verdict;
  /** A script of an agent begins, or ends. */
  onScript?(node: SimNode, step: ScriptStep): Verdict;
  /** An agent that joins until somebody answers comes a step further. */
  onRetry?(node: SimNode, step: RetryStep, nowMs: number): Verdict;
  /** Tags are asked for, and later perhaps set; the same object both times. */
  onTags?(node: SimNode, tags: Tags, step: 'asked' | 'set'): Verdict;
  /** Once a second, for each node that runs. */
  onSecond?(node: SimNode, nowMs: number): Verdict;
  /**
   * There have been no faults for a while: is everything in order? Asked once a second until it is, or must
   * be.
   */
  onCalm?(nodes: readonly SimNode[]): Verdict;
  /** Everything is in order. */
  onSettled?(): void;
  /** From now on somebody lies: there are events nobody sent, and members who do not exist. */
  onAttack?(): void;
  /** Nothing is done to the cluster from now on, or this ends. */
  onPeace?(isPeace: boolean): void;
}
