// Runs the bundled serf program; bin/serf starts it. CommonJS, because Node starts it faster.
require('./load.cjs').runBundle('serf');
