// Ends the process with one line and exit code 2 when Node is too old. Runs first, in the scripts and in dist/main.js, and uses no
// syntax that an old Node cannot parse.
var needed = require('../package.json').engines.node.match(/\d+/g);
var found = process.versions.node.split('.');
if (Number(found[0]) < needed[0] || (found[0] === needed[0] && Number(found[1]) < needed[1])) {
  process.stderr.write(
    'lark-jsapi-signer needs Node ≥ ' +
      needed[0] +
      '.' +
      needed[1] +
      '; this is Node ' +
      process.versions.node +
      '. Install a newer one from https://nodejs.org or with a version manager.\n',
  );
  process.exit(2);
}
