// In the place of qs in the built program, which reads queries itself (src/http/raw-query.ts): Express loads it at every start, 80 KB with
// what it needs, for the setting "extended".
module.exports = {
  parse() {
    throw new Error(
      'the query parser "extended" is not in the built program: read queries with src/http/raw-query.ts',
    );
  },
};
