// Runs the bundled serf program as bin/serf does, for where there is no shell: `node bin/serf.cjs`.
require('./load.cjs').runBundle('serf');
