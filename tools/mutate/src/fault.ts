// A mistake that somebody could make in the protocol, as the edit of one place in one file. It must compile:
// what the compiler finds needs no test. Unused names are no error while a fault is tried, so a call can just
// be left out. Next: faults.ts, the list; trial.ts.

/** One seeded fault. */
export interface Fault {
  /** What a node then does wrong, in a sentence of the protocol. */
  readonly name: string;
  /** From the root of the repository. */
  readonly file: string;
  /** Stands exactly once in the file. */
  readonly original: string;
  readonly replacement: string;
  /** With it something never ends; that a test takes too long is then what catches it. */
  readonly hangs?: boolean;
}

/** Several faults of one file. */
export function faultsIn(file: string, faults: readonly Omit<Fault, 'file'>[]): readonly Fault[] {
  return faults.map((fault) => ({ ...fault, file }));
}

/**
 * The source with the fault in it.
 * @throws StaleFault when the place is not there, or not the only one.
 */
export function applyFault(source: string, fault: Fault): string {
  const [before, after, ...more] = source.split(fault.original);
  if (before === undefined || after === undefined || more.length > 0) throw new StaleFault(fault);
  return `${before}${fault.replacement}${after}`;
}

/** The source has changed since the fault was written. */
export class StaleFault extends Error {
  constructor({ name, file, original }: Fault) {
    super(`"${name}" is stale: in ${file} the following does not stand exactly once:\n${original}`);
    this.name = 'StaleFault';
  }
}
