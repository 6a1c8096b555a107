// Regular expressions that choose members, nodes, services and tags. They are RE2's, and the engine is loaded
// when the first is given.

import { CommandFailure, type FlagTable } from '@reeve/cli';

/** Whom an event or a command is for; the agents that get it decide. */
export const filterFlags = {
  node: { kind: 'string', placeholder: 'regexp', help: 'Only nodes whose name matches.' },
  service: { kind: 'string', placeholder: 'regexp', help: 'Only nodes with such a service.' },
  tag: { kind: 'string', placeholder: 'regexp', help: 'Only with such a tag on it; needs -service.' },
} as const satisfies FlagTable;

/** A compiled expression. @throws CommandFailure that names it as `what` */
export async function compileFilter(what: string, expression: string): Promise<(text: string) => boolean> {
  const { compileRe2 } = await import('@reeve/serf/re2');
  try {
    const compiled = compileRe2(expression);
    return (text) => compiled.matches(text);
  } catch (error) {
    throw new CommandFailure(`Failed to compile ${what} regexp: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/** Checks the values of {@link filterFlags}. @throws CommandFailure */
export async function checkFilters(values: {
  readonly node: string;
  readonly service: string;
  readonly tag: string;
}): Promise<void> {
  for (const name of ['node', 'service', 'tag'] as const)
    if (values[name] !== '') await compileFilter(`${name} filter`, values[name]);
  if (values.tag !== '' && values.service === '')
    throw new CommandFailure('Cannot provide tag filter without service filter.');
}

/** The arguments that tell agents. */
export function filterArguments(values: {
  readonly node: string;
  readonly service: string;
  readonly tag: string;
}): Record<string, string | undefined> {
  const { node, service, tag } = values;
  return { node: node || undefined, service: service || undefined, tag: tag || undefined };
}
