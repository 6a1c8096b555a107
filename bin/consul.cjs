// Runs the bundled consul program as bin/consul does, for where there is no shell: `node bin/consul.cjs`.
require('./load.cjs').runBundle('consul');
