// Runs the bundled consul program; bin/consul starts it. CommonJS, because Node starts it faster.
require('./load.cjs').runBundle('consul');
