// Intentions as clients send them, and what is wrong with them: the rest nobody can make yet.
// Upstream: agent/structs/intention.go.

import { int, namelessStruct, nilable, onItsOwn, struct, text, textOf } from '../decode.ts';
import { indexFields, texts } from '../fields.ts';

/** As far as it is looked at. */
export interface Intention {
  readonly sourceName: string;
  readonly destinationName: string;
  readonly sourceType: string;
  readonly action: string;
}

/** An intention; null as it is sent for none. */
export const intentionBody = nilable(
  onItsOwn(
    struct<Intention & Record<string, unknown>>(
      namelessStruct('structs.Alias', [
        ['Hash', 'string'],
        ['CreatedAt', 'string'],
        ['UpdatedAt', 'string'],
      ]),
      {
        sourceName: ['SourceName', text],
        destinationName: ['DestinationName', text],
        sourceType: ['SourceType', textOf('structs.IntentionSourceType')],
        action: ['Action', textOf('structs.IntentionAction')],
        ...Object.fromEntries(otherTexts().map((name) => [name, [name, text]])),
        port: ['DefaultPort', int],
        precedence: ['Precedence', int],
        meta: ['Meta', texts],
        ...indexFields,
      },
    ),
    true,
  ),
);

/** What the original has against an intention, in its order. */
export function intentionProblems(given: Intention | null): readonly string[] {
  const { sourceName = '', destinationName = '', sourceType = '', action = '' } = given ?? {};
  return [
    ...(sourceName === '' ? ['SourceName must be set'] : []),
    ...(destinationName === '' ? ['DestinationName must be set'] : []),
    ...partialWildcard('SourceName', sourceName),
    ...partialWildcard('DestinationName', destinationName),
    ...(['allow', 'deny'].includes(action) ? [] : ["Action must be set to 'allow' or 'deny'"]),
    ...(['', 'consul'].includes(sourceType) ? [] : ["SourceType must be set to 'consul'"]),
  ];
}

function partialWildcard(field: string, name: string): readonly string[] {
  if (name === '*' || !name.includes('*')) return [];
  return [`${field}: wildcard character '*' cannot be used with partial values`];
}

function otherTexts(): readonly string[] {
  return ['ID', 'Description', 'SourceNS', 'DestinationNS', 'DefaultAddr', 'Hash', 'CreatedAt', 'UpdatedAt'];
}
