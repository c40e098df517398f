// A jsapi_ticket from the simulated platform, plainly asked for: what a contestant without an SDK does.
const { PLATFORM_URL, APP_ID, APP_SECRET } = process.env;

/** `{ ticket, expiresInSeconds }`. */
export async function fetchTicket() {
  const { tenant_access_token: token } = await post('auth/v3/tenant_access_token/internal', {
    app_id: APP_ID,
    app_secret: APP_SECRET,
  });
  const { data } = await post('jssdk/ticket/get', {}, { Authorization: `Bearer ${token}` });
  return { ticket: data.ticket, expiresInSeconds: data.expire_in };
}

async function post(path, body, headers = {}) {
  const response = await fetch(`${PLATFORM_URL}/open-apis/${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(body),
  });
  const reply = await response.json();
  if (reply.code !== 0) throw new Error(`${path}: ${reply.code} ${reply.msg}`);
  return reply;
}
