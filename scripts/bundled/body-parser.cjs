// In the place of body-parser in the built program, which reads bodies itself (src/http/read-body.ts): Express loads the parsers at every
// start, 520 KB with the character sets of iconv-lite.
function refuse() {
  throw new Error(
    'express.json() and its like are not in the built program: read bodies with src/http/read-body.ts',
  );
}

module.exports = { json: refuse, raw: refuse, text: refuse, urlencoded: refuse };
