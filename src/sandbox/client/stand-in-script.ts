// The stand-in for the client as a classic script: the text of its functions, and one call of them.
import { CLIENT_MEANINGS } from '../../client-failures/client-codes';
import { createAuthorisation } from './create-authorisation';
import { createJsapis } from './create-jsapis';
import { describeFailure } from './describe-failure';
import { installStandIn } from './install-stand-in';
import type { StandInModes } from './modes';

const PARTS = { createAuthorisation, createJsapis, describeFailure };

// By the names of the properties: a bundler may give the functions others.
const PARTS_TEXT = Object.entries(PARTS)
  .map(([name, part]) => `${name}: ${String(part)}`)
  .join(',\n\n');

/** The script that defines `h5sdk` and `tt`. `platformUrl` is where the browser reaches the simulated platform. */
export function renderStandInScript(platformUrl: string, modes: StandInModes): string {
  const settings = `${JSON.stringify(platformUrl)}, ${JSON.stringify(modes)}`;
  return `// The simulated client of the simulated platform: not the H5 SDK.
(function () {
'use strict';
(${String(installStandIn)})(window, ${settings}, {
meanings: ${JSON.stringify(CLIENT_MEANINGS)},

${PARTS_TEXT}
});
})();
`;
}
