// Damaged configuration: understood, or refused with a sentence for the operator.

import assert from 'node:assert/strict';
import { encodeText } from '@reeve/bytes';
import { type FuzzTarget, isSentence } from '@reeve/fuzz';
import { decodeConfig, examineConfig } from '../../dist/config/decode.js';
import { planHandlers } from '../../dist/event-handlers/handler-entry.js';

const config = `{"node_name": "n", "bind": ":7946", "encrypt_key": "c2VjcmV0", "tags": {"role": "web"},
 "event_handlers": ["member-join=a.sh", {"handler": "user:x=npm:y", "timeout": "3s", "options": {"a": [1]},
 "concurrency": 2, "queue_max": 9, "when_full": "drop-oldest", "retries": 1, "retry_delay": "1s",
 "only_with_majority": true, "majority_settle": "2s"}], "start_join": ["10.0.0.1"], "protocol": 4,
 "mdns": {"interface": "eth0", "disable_ipv6": true}, "query_size_limit": 1024, "log_level": "debug",
 "reconnect_interval": "30s", "leave_on_terminate": true, "disable_coordinates": null}`;

export const configTargets: readonly FuzzTarget[] = [
  {
    name: 'configuration files',
    promise: 'a configuration file is understood, with its event handlers, or refused with a sentence',
    seeds: [config, '{"tags": {}}', '{"event_handlers": [{"handler": "module:./x.mjs"}]}'].map(encodeText),
    open: () => ({
      run: (input) => {
        const { flaws } = examineConfig(input);
        if (flaws.length > 0) return assert.throws(() => decodeConfig(input), isSentence);
        planHandlers(decodeConfig(input).eventHandlers ?? []);
      },
    }),
    refuses: isSentence,
  },
];
