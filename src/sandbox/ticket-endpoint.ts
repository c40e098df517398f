// POST /open-apis/jssdk/ticket/get: a tenant_access_token in, a jsapi_ticket out.
import { authorise, ownerOf } from './bearer-token';
import type { PlatformEndpoint } from './endpoint';
import type { PlatformState } from './platform-state';

/** The ticket endpoint; it takes no parameters. */
export function createTicketEndpoint(state: PlatformState): PlatformEndpoint {
  return {
    name: 'ticket',
    path: '/open-apis/jssdk/ticket/get',
    appOf: (request) => ownerOf(state, request),
    answer(request) {
      const app = authorise(state, request);
      if ('refused' in app) return app.refused;
      const ticket = state.tickets.issue(app.appId);
      return {
        status: 200,
        body: {
          code: 0,
          msg: 'ok',
          data: { expire_in: state.tickets.leftSeconds(ticket), ticket: ticket.value },
        },
        issued: { field: 'expire_in', lifeSeconds: ticket.lifeSeconds },
      };
    },
  };
}
