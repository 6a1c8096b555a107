// Listening and dialling in the virtual world.
//
// A stream is two `StreamEnd`s and a `Wire` each way. The first segment on the dialler's wire finds the
// listener; the listener's answer opens the dialler's end. Next: stream-end.ts.

import { bindFailure } from '../failures.ts';
import type { Endpoint, Listener, NetworkError, NetworkStream, Result, StreamHandler } from '../network.ts';
import { linksTo } from './link.ts';
import { type AcceptStream, chooseAddress, type Machine, sourceAddress } from './machine.ts';
import { StreamEnd } from './stream-end.ts';
import { Wire } from './wire.ts';

/** `Network.listen` on one machine. */
export function listen(
  machine: Machine,
  at: Endpoint,
  accept: (stream: NetworkStream) => StreamHandler,
  done: (result: Result<Listener, NetworkError>) => void,
): void {
  machine.life.later(0, () => {
    const local = chooseAddress(machine, machine.tcp, at);
    if (typeof local === 'string') return done({ ok: false, error: bindFailure('tcp', at, local) });
    const acceptStream: AcceptStream = (ownAddress, remote, back, link) => {
      const end = new StreamEnd(machine, ownAddress, remote, back, link);
      end.accept(accept);
      return (segment) => end.receive(segment);
    };
    machine.tcp.bind(local, acceptStream);
    done({ ok: true, value: { local, close: () => machine.tcp.release(local, acceptStream) } });
  });
}

/** `Network.dial` on one machine. */
export function dial(
  machine: Machine,
  to: Endpoint,
  timeoutMs: number,
  handler: StreamHandler,
): NetworkStream {
  const host = sourceAddress(machine, to.host.includes(':') ? '::' : '0.0.0.0', to.host);
  const local = { host, port: machine.tcp.ephemeralPort() };
  const links = linksTo(machine, to.host);
  const back = new Wire(machine.agenda, links.back, (segment) => end.receive(segment));
  const out: Wire = new Wire(machine.agenda, links.there, () => {
    const listener = machine.route(to.host)?.tcp.find(to);
    if (listener === undefined) return refuse(out, back);
    out.handOver(listener(to, local, back, links.there));
  });
  const end = new StreamEnd(machine, local, to, out, links.back);
  end.dial(handler, timeoutMs);
  return end;
}

/** Answers the first segment and swallows the rest. */
function refuse(out: Wire, back: Wire): void {
  out.handOver(() => {});
  back.send({ kind: 'reset', code: 'ECONNREFUSED' });
}
