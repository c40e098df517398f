// Everything that is not under /open-apis/: finds the control route, answers JSON. Pages of other origins may read, and change nothing.
import { isOfOtherOrigin } from '../base/is-of-other-origin';
import { CONTROL_PATHS, CONTROL_ROUTES } from './control-routes';
import type { Reply, SandboxRequest } from './reply';
import type { Sandbox } from './sandbox-api';

// Any page may read: it holds nothing but made-up credentials, and the pages that load the stand-in are of other origins.
const HEADERS = {
  'cache-control': 'no-store',
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, POST, DELETE',
  'access-control-allow-headers': '*',
};

const OTHER_ORIGIN: Reply = {
  status: 403,
  body: {
    error:
      'A page of another origin sent this request. Only programs, such as curl, and pages of this origin may change something here.',
  },
};

const SCRIPT = { 'content-type': 'text/javascript; charset=utf-8' };

/** Everything that is not under /open-apis/, as a function of the request. */
export function createControlApi(sandbox: Sandbox): (request: SandboxRequest) => Reply {
  return function answerControl(request) {
    const reply = respond(sandbox, request);
    return { ...reply, headers: { ...HEADERS, ...reply.headers } };
  };
}

function respond(sandbox: Sandbox, request: SandboxRequest): Reply {
  const { method, path } = request;
  const here = CONTROL_ROUTES.filter((candidate) => candidate.path === path);
  if (here.length === 0)
    return { status: 404, body: { error: 'There is nothing here.', paths: CONTROL_PATHS } };
  if (method === 'OPTIONS') return { status: 204, body: '' };
  const found = here.find((candidate) => candidate.method === method);
  if (!found)
    return { status: 405, body: { error: `Use ${here.map((known) => known.method).join(' or ')}.` } };
  if (method !== 'GET' && !found.isForAnyPage && isOfOtherOrigin(request.headers)) return OTHER_ORIGIN;
  try {
    const body = found.run(sandbox, request);
    return { status: 200, body, ...(typeof body === 'string' && { headers: SCRIPT }) };
  } catch (error) {
    if (error instanceof RangeError) return { status: 400, body: { error: error.message } };
    throw error;
  }
}
