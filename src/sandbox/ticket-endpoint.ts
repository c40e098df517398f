// POST /open-apis/jssdk/ticket/get: a token in, a jsapi_ticket out, for whom the token was issued to.
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
      const owner = authorise(state, request);
      if ('refused' in owner) return owner.refused;
      const ticket = state.tickets.issue(owner.app.appId, owner.holder);
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
