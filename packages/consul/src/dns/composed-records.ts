// Records of instances, kept beside the answer of the server that they were made of. Answers never change,
// and as long as nothing happens the same object is the answer (current-answers.ts); so a service that is
// asked for often is composed once for each change.

import type { InstancesHealth } from '../rpc/methods/index.ts';
import type { ServiceRecords } from './answers/service-answer.ts';
import type { Question } from './wire/message.ts';

/** Records by the answer, and by what was asked. */
export class ComposedRecords {
  readonly #composed = new WeakMap<InstancesHealth, Composed[]>();

  get(found: InstancesHealth, question: Question, hasEdns: boolean): ServiceRecords | undefined {
    return this.#composed.get(found)?.find((composed) => isOf(composed, question, hasEdns))?.service;
  }

  keep(found: InstancesHealth, question: Question, hasEdns: boolean, service: ServiceRecords): void {
    const all = this.#composed.get(found) ?? [];
    this.#composed.set(found, all);
    // Questions differ in the case of their names, too, which clients may draw by lot.
    if (all.length >= questionsMax) all.length = 0;
    all.push({ question, hasEdns, service });
  }
}

interface Composed {
  readonly question: Question;
  readonly hasEdns: boolean;
  readonly service: ServiceRecords;
}

function isOf(composed: Composed, { name, type }: Question, hasEdns: boolean): boolean {
  const { question } = composed;
  return question.type === type && composed.hasEdns === hasEdns && question.name.text === name.text;
}

/** Bounds each list: each way to ask for one service. */
const questionsMax = 16;
