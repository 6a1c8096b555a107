// The agent of one life of a node: the real core, with scripts, and joining until somebody answers. What the
// program does around the core is done here as it does it there. Next: scripts.ts.

import type { Runtime } from '@reeve/runtime';
import { AgentCore, retryJoin, ScriptQueue } from '@reeve/serf/agent';
import type { Acquaintance, JoinOutcome, SerfConfig, SerfEvent } from '@reeve/serf/core';
import type { AgentSettings, RetryJoinSettings } from './agent-settings.ts';
import { type ScriptWatcher, simulatedScripts } from './scripts.ts';

/** What an agent is made of. */
export interface AgentParts {
  readonly settings: AgentSettings;
  /** The settings of its node, those from files included. */
  readonly config: SerfConfig;
  readonly runtime: Runtime;
  readonly known: Acquaintance | undefined;
  readonly watcher: ScriptWatcher;
  onEvent(event: SerfEvent): void;
  onStopped(): void;
}

/** Makes an agent; it is not started yet. */
export function createAgent(parts: AgentParts): AgentCore {
  const { settings, config, runtime, known, watcher, onEvent, onStopped } = parts;
  const scripts = new ScriptQueue({
    self: () => agent.serf.localMember(),
    log: runtime.log,
    startScript: simulatedScripts(runtime, watcher),
  });
  scripts.replaceScripts(settings.scripts);
  const agent = new AgentCore({
    serf: config,
    tagsFile: settings.tagsFile,
    runtime,
    known,
    handlers: {
      onEvent(event) {
        onEvent(event);
        scripts.onEvent(event);
      },
      onDown(done) {
        scripts.close();
        done();
      },
      onStopped,
    },
  });
  return agent;
}

/** What happens to who joins again and again. */
export type RetryStep = 'tries' | 'failed' | 'joined' | 'gave up';

/** Joins until somebody answers; an agent that gives up ends. Returns how to stop it. */
export function keepJoining(
  agent: AgentCore,
  settings: RetryJoinSettings,
  runtime: Runtime,
  onStep: (step: RetryStep) => void,
): () => void {
  const join = (done: (outcome: JoinOutcome) => void): void => {
    onStep('tries');
    agent.join(settings.addresses, false, (outcome) => {
      if (outcome.error) onStep('failed');
      done(outcome);
    });
  };
  return retryJoin({ ...settings, join, replay: false }, runtime, (outcome) => {
    onStep(outcome);
    if (outcome === 'gave up') agent.shutdown(() => {});
  });
}
