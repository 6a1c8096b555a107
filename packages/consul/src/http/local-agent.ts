// What routes about an agent's own services and checks need of it.

import type { LocalAgent } from '../local/local-agent.ts';
import type { HttpAgent } from './agent.ts';

/** An agent with services and checks of its own. */
export interface RegisteringAgent extends HttpAgent {
  readonly local: LocalAgent;
}
