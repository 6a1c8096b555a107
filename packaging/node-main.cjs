// What runs first in an executable made of Node: the program, from files inside of the executable.
// executables.mjs puts them there.

const { dirname } = require('node:path');
const { getAsset, getRawAsset } = require('node:sea');
const { createLoader } = require('../bin/load.cjs');

const read = (name) => ({
  source: getAsset(name, 'utf8'),
  code: new Uint8Array(getRawAsset(`${name}.code`)), // not a copy
});
createLoader(dirname(process.execPath), read)('main.cjs');
