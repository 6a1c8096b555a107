// The handler of the watch on the service `web`. It is run whenever the passing instances change, gets all of
// them on standard input, and writes them down as nginx wants its upstreams.
//
//   consul watch -type=service -service=web -passingonly=true -shell=false node upstream.mjs FILE

import { readFileSync, renameSync, writeFileSync } from 'node:fs';

const [file] = process.argv.slice(2);
const instances = JSON.parse(readFileSync(0, 'utf8'));
const servers = instances.map(
  ({ Service }) => `    server ${Service.Address}:${Service.Port};  # ${Service.ID}\n`,
);

// Who reads the file finds the old one or the new one, never half of it. nginx would be told to reload now.
writeFileSync(`${file}.new`, `upstream web {\n${servers.join('')}}\n`);
renameSync(`${file}.new`, file);
