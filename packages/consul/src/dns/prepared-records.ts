// Records of instances, kept beside the answer of the server that they were made of. Answers never change,
// and as long as nothing happens the same object is the answer (kept-answers.ts); so a service that is asked
// for often is composed once for each change.

import type { InstancesHealth } from '../rpc/methods/index.ts';
import type { ServiceRecords } from './answers/service-answer.ts';
import type { Question } from './wire/message.ts';

/** Records by the answer, and by what was asked. */
export class PreparedRecords {
  readonly #prepared = new WeakMap<InstancesHealth, Map<string, ServiceRecords>>();

  get(found: InstancesHealth, question: Question, hasEdns: boolean): ServiceRecords | undefined {
    return this.#prepared.get(found)?.get(keyOf(question, hasEdns));
  }

  keep(found: InstancesHealth, question: Question, hasEdns: boolean, service: ServiceRecords): void {
    const byQuestion = this.#prepared.get(found) ?? new Map<string, ServiceRecords>();
    this.#prepared.set(found, byQuestion);
    // Questions differ in the case of their names, too, which clients may draw by lot.
    if (byQuestion.size >= questionsMax) byQuestion.clear();
    byQuestion.set(keyOf(question, hasEdns), service);
  }
}

function keyOf({ name, type }: Question, hasEdns: boolean): string {
  return `${type} ${hasEdns} ${name.text}`;
}

/** Bounds each map: each way to ask for one service. */
const questionsMax = 16;
