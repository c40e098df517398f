// The projects that test a page with the fake client, as a reader has them: installed with the packed package, and run.
import { EXAMPLE_LIMIT_MS, useExamples } from '../support/example-project';

const examples = useExamples();

test.each(['testing-vitest', 'testing-jest'])(
  'examples/%s passes',
  (name) => examples.run(name, 'test'),
  EXAMPLE_LIMIT_MS,
);
