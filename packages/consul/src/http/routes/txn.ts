// Several changes at once: `/v1/txn`. Upstream: agent/txn_endpoint.go.

import { quote } from '@reeve/cli';
import type { TransactionResponse, TransactionStep } from '../../core/index.ts';
import {
  transactionErrorsJson,
  transactionResultJson,
  transactionWorthJson,
} from '../../json/answers/transaction.ts';
import { type StepBody, stepsBody, transactionStep } from '../../json/requests/txn.ts';
import { txn } from '../../rpc/methods/index.ts';
import type { BodyLimits, HttpAgent } from '../agent.ts';
import { type LongText, longList } from '../long-text.ts';
import { datacenterOf, metaHeaders, parseQuestion, tokenOf } from '../question.ts';
import { readBody } from '../read-body.ts';
import { Refusal } from '../refusal.ts';
import { BodyTooLarge, type HttpRequest } from '../request.ts';
import type { Route } from '../respond.ts';
import { type HttpResponse, json } from '../response.ts';

/** `/v1/txn`. */
export const txnRoute: Route<HttpAgent> = { pattern: '/v1/txn', methods: ['PUT'], handle: transact };

async function transact(request: HttpRequest, agent: HttpAgent): Promise<HttpResponse> {
  const bodies = readBody(await bodyOf(request, agent.limits), stepsBody, 'Failed to parse body: ') ?? [];
  refuseTooMuch(bodies, agent.limits);
  const steps = bodies
    .map((body) => transactionStep(body, agent.defaults.datacenter))
    .filter((step) => step !== undefined);
  return steps.some(isWrite) ? write(request, agent, steps) : read(request, agent, steps);
}

async function write(
  request: HttpRequest,
  agent: HttpAgent,
  steps: readonly TransactionStep[],
): Promise<HttpResponse> {
  const datacenter = datacenterOf(request, agent.defaults);
  const token = tokenOf(request, agent.defaults);
  const response = await agent.caller.call(txn.apply, { datacenter, token, steps });
  return json(outcomeJson(response, '}'), [], statusOf(response));
}

/** Steps that only read are a question like any other. */
async function read(
  request: HttpRequest,
  agent: HttpAgent,
  steps: readonly TransactionStep[],
): Promise<HttpResponse> {
  const question = { ...parseQuestion(request, agent.defaults), steps };
  const response = await agent.caller.call(txn.read, question);
  const headers = metaHeaders({ ...response, consistencyLevel: '' }).slice(1); // it has no index
  return json(outcomeJson(response, `,${transactionWorthJson(response)}}`), headers, statusOf(response));
}

/** What steps left, or why they failed. */
function outcomeJson({ results, errors }: TransactionResponse, close: string): string | LongText {
  if (hasFailed(errors)) return `{"Results":null,"Errors":${transactionErrorsJson(errors)}${close}`;
  const around = { open: '{"Results":[', close: `],"Errors":null${close}` };
  return longList(results, transactionResultJson, around);
}

function statusOf({ errors }: TransactionResponse): number {
  return hasFailed(errors) ? 409 : 200;
}

function hasFailed(errors: TransactionResponse['errors']): errors is NonNullable<typeof errors> {
  return errors !== null && errors.length > 0;
}

async function bodyOf(request: HttpRequest, { txnBytesMax, kvValueBytesMax }: BodyLimits) {
  const bytesMax = Math.max(txnBytesMax, kvValueBytesMax);
  try {
    return await request.body(bytesMax);
  } catch (error) {
    if (!(error instanceof BodyTooLarge)) throw error;
    const size = request.contentLength === undefined ? '' : `(${request.contentLength} bytes)`;
    throw new Refusal(
      413,
      `Request body${size} too large, max size: ${bytesMax} bytes. ` +
        'See https://www.consul.io/docs/agent/options.html#txn_max_req_len.',
    );
  }
}

function refuseTooMuch(bodies: readonly StepBody[], { kvValueBytesMax }: BodyLimits): void {
  if (bodies.length > stepsMax) {
    throw new Refusal(413, `Transaction contains too many operations (${bodies.length} > ${stepsMax})`);
  }
  for (const { keyValue } of bodies) {
    if (keyValue === null || keyValue.value.length <= kvValueBytesMax) continue;
    const size = `${keyValue.value.length} > ${kvValueBytesMax} bytes`;
    throw new Refusal(413, `Value for key ${quote(keyValue.key)} is too large (${size})`);
  }
}

function isWrite({ keyValue, node, service, check }: TransactionStep): boolean {
  if (keyValue !== null) return keyWrites.has(keyValue.verb);
  return [node, service, check].some((step) => step !== null && step.verb !== 'get');
}

const keyWrites = new Set(['set', 'delete', 'delete-cas', 'delete-tree', 'cas', 'lock', 'unlock']);
const stepsMax = 64;
