// Who belongs to the cluster changes. What becomes of servers that are gone autopilot decides, as ever.

import { httpOf } from '../kit/ask-http.js';
import type { Scene } from './scene.ts';

/** A server leaves in peace. It comes back later, or somebody new in its place. */
export function leave({ cluster, crew, diary }: Scene): void {
  const [name = ''] = crew.inAnyOrder();
  diary.note(`${name} is to leave`);
  void crew.leave(name).then((hasLeft) => {
    if (!hasLeft) return;
    const successor = cluster.random.float() < 0.5 ? crew.replace(name) : undefined;
    diary.note(
      successor === undefined ? `${name} has left` : `${name} has left for good, ${successor} comes`,
    );
    diary.count('leaves');
    if (successor !== undefined) diary.count('newcomers');
  });
}

/** An operator removes a server that goes on running. It takes part again when a leader looks around. */
export function remove({ cluster, crew, diary }: Scene): void {
  const { leader } = cluster;
  const [name = ''] = crew.inAnyOrder();
  if (leader === undefined) return;
  diary.note(`${name} is removed by an operator`);
  diary.count('removals');
  const address = `${cluster.host(name).ip}:8300`;
  httpOf(leader.caller)(`DELETE /v1/operator/raft/peer?address=${address}`).catch(() => {});
}
