// Everything under /open-apis/: finds the endpoint, lets a fault have its way, counts the call.
import { authorise, ownerOf } from './bearer-token';
import type { CallCounters } from './call-counters';
import type { PlatformEndpoint } from './endpoint';
import type { FaultPlan } from './fault';
import { applyFault } from './fault-effects';
import type { PlatformState } from './platform-state';
import { codeOf, refusal, type Reply, type SandboxRequest } from './reply';

/** What `createOpenApis` joins. */
export interface OpenApisParts {
  state: PlatformState;
  endpoints: readonly PlatformEndpoint[];
  faults: FaultPlan;
  counters: CallCounters;
}

/** The open platform as a function of the request. */
export function createOpenApis(parts: OpenApisParts): (request: SandboxRequest) => Reply {
  const { state, endpoints, faults, counters } = parts;
  const other = createOtherEndpoint(state);
  return function answerOpenApi(request) {
    const endpoint =
      endpoints.find(({ path }) => request.method === 'POST' && request.path === path) ?? other;
    const appId = endpoint.appOf(request);
    const atMs = state.nowMs();
    const fault = faults.take(endpoint.name, appId);
    const answer = (): Reply => endpoint.answer(request);
    const reply = fault ? applyFault(fault, answer, request.logId) : answer();
    counters.record({ endpoint: endpoint.name, appId, atMs, code: codeOf(reply) });
    return reply;
  };
}

/** Every other path: the gateway asks for a token first, and only then finds that there is nothing. */
function createOtherEndpoint(state: PlatformState): PlatformEndpoint {
  return {
    name: 'other',
    appOf: (request) => ownerOf(state, request),
    answer(request) {
      const owner = authorise(state, request);
      if ('refused' in owner) return owner.refused;
      return refusal(404, 404, `${request.method} ${request.path} is not simulated here`, request.logId);
    },
  };
}
