// What is fuzzed of an agent's own: services and checks as clients send them, and the files that keep them.

import type { FuzzTarget } from '@reeve/fuzz';
import { readHttp } from '@reeve/golden';
import { checkTypesOf, serviceChecksOf, serviceOf } from '../../dist/definitions/service-definition.js';
import { readBody } from '../../dist/http/read-body.js';
import { Refusal } from '../../dist/http/refusal.js';
import { contentHash } from '../../dist/json/answers/agent-service.js';
import { checkDefinitionBody, serviceDefinitionBody } from '../../dist/json/requests/definitions.js';
import { RegistrationFiles } from '../../dist/local/persistence/registration-files.js';
import { memoryFolders } from '../kit/local-agent.js';

const bodies = (...names: readonly string[]) =>
  names.map((name) => Buffer.from(readHttp(`http/agent/${name}`).body, 'latin1'));

const services: FuzzTarget = {
  name: 'service definitions',
  promise: 'damaged services are refused, or can be kept, hashed and given checks',
  seeds: bodies('register-web', 'register-two-checks', 'register-lowercase-keys'),
  open: () => {
    const files = new RegistrationFiles(memoryFolders());
    return {
      run: (input) => {
        const definition = readBody(input, serviceDefinitionBody);
        const service = serviceOf(definition);
        contentHash(service);
        serviceChecksOf(service, checkTypesOf(definition), 'n1');
        void files.putService({ service, token: '', source: 'remote' });
      },
    };
  },
  refuses: (error) => error instanceof Refusal,
};

const checks: FuzzTarget = {
  name: 'check definitions',
  promise: 'damaged checks are refused, or are checks',
  seeds: bodies('check-register-ttl', 'check-register-http-post', 'check-register-script'),
  open: () => ({ run: (input) => void readBody(input, checkDefinitionBody) }),
  refuses: (error) => error instanceof Refusal,
};

/** Of an agent's own services and checks. */
export const definitionTargets: readonly FuzzTarget[] = [services, checks];
