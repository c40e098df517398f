// The stand-in for the client as a classic script: the text of its functions, and one call of them.
import { CLIENT_MEANINGS } from '../../client-failures/client-codes';
import { askPlatform } from './ask-platform';
import { createAuthorisation } from './create-authorisation';
import { createComponents } from './create-components';
import { createJsapis } from './create-jsapis';
import { describeFailure } from './describe-failure';
import { installStandIn } from './install-stand-in';
import { MADE_UP_ANSWERS, NEEDED_PARAMETERS } from './made-up-answers';
import type { StandInModes } from './modes';

const PARTS = { createAuthorisation, createComponents, createJsapis, describeFailure };

const DATA = {
  meanings: CLIENT_MEANINGS,
  answers: MADE_UP_ANSWERS,
  needs: NEEDED_PARAMETERS,
};

// By the names of the properties: a bundler may give the functions others.
const PARTS_TEXT = Object.entries(PARTS)
  .map(([name, part]) => `${name}: ${String(part)}`)
  .join(',\n\n');
const DATA_TEXT = Object.entries(DATA)
  .map(([name, data]) => `${name}: ${JSON.stringify(data)}`)
  .join(',\n');

/** The script that defines `h5sdk`, `tt` and `webComponent`. `platformUrl` is where the browser reaches the simulated platform. */
export function renderStandInScript(platformUrl: string, modes: StandInModes): string {
  return `// The simulated client of the simulated platform: not the H5 SDK.
(function () {
'use strict';
const platformUrl = ${JSON.stringify(platformUrl)};
const askPlatform = ${String(askPlatform)};

(${String(installStandIn)})(window, ${JSON.stringify(modes)}, {
ask: (call) => askPlatform(window, platformUrl, call),
${DATA_TEXT},

${PARTS_TEXT}
});
})();
`;
}
