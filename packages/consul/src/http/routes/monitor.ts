// The agent's log while somebody looks on: `/v1/agent/monitor`. Never packed, whatever the client takes:
// upstream says that it is and sends plain lines, so that its own command cannot read them.
// Upstream: agent/agent_endpoint.go (AgentMonitor), logging/monitor.

import { encodeText } from '@reeve/bytes';
import { findLogLevel } from '../../agent/agent-log.ts';
import type { ClusterAgent } from '../cluster-agent.ts';
import { refuseBadRequest } from '../refusal.ts';
import type { HttpRequest } from '../request.ts';
import type { Route } from '../respond.ts';
import type { HttpResponse } from '../response.ts';

/** The log. */
export const monitorRoute: Route<ClusterAgent> = {
  pattern: '/v1/agent/monitor',
  methods: ['GET'],
  handle: monitor,
};

function monitor(request: HttpRequest, agent: ClusterAgent): HttpResponse {
  const name = request.query.get('loglevel') || 'INFO';
  const level = findLogLevel(name) ?? refuseBadRequest(`Unknown log level: ${name}`);
  const lines = new WaitingLines();
  const stop = agent.followLog(level, (line) => lines.add(line));
  request.signal().addEventListener('abort', () => {
    stop();
    lines.end();
  });
  return { status: 200, headers: [], body: lines.pieces() };
}

/** What was logged and not sent. Who reads too slowly misses lines. */
class WaitingLines {
  #waiting: string[] = [];
  #isOver = false;
  #wake: () => void = () => {};

  add(line: string): void {
    if (this.#waiting.length < linesMax) this.#waiting.push(line);
    this.#wake();
  }

  end(): void {
    this.#isOver = true;
    this.#wake();
  }

  async *pieces(): AsyncGenerator<Uint8Array> {
    while (!this.#isOver) {
      const lines = this.#waiting;
      this.#waiting = [];
      if (lines.length > 0) yield encodeText(`${lines.join('\n')}\n`);
      else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }
}

/** Upstream's. */
const linesMax = 512;
