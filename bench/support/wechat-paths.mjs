// WeChat's two paths on top of the simulated platform, for peers that know no others.
import { createServer } from 'node:http';
import { once } from 'node:events';

/** Starts it on a free loopback port: `{ url, close() }`. */
export async function startWechatPaths(platformUrl) {
  const server = createServer((request, response) => {
    answer(platformUrl, new URL(request.url, 'http://127.0.0.1')).then(
      (reply) => response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(reply)),
      (error) => response.writeHead(502).end(String(error)),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close: () => server.close(),
  };
}

async function answer(platformUrl, { pathname, searchParams }) {
  if (pathname === '/cgi-bin/token') {
    const reply = await post(`${platformUrl}/open-apis/auth/v3/tenant_access_token/internal`, {
      app_id: searchParams.get('appid'),
      app_secret: searchParams.get('secret'),
    });
    return { access_token: reply.tenant_access_token, expires_in: reply.expire };
  }
  if (pathname === '/cgi-bin/ticket/getticket') {
    const authorization = { Authorization: `Bearer ${searchParams.get('access_token')}` };
    const { data } = await post(`${platformUrl}/open-apis/jssdk/ticket/get`, {}, authorization);
    return { errcode: 0, errmsg: 'ok', ticket: data.ticket, expires_in: data.expire_in };
  }
  throw new Error(`There is nothing at ${pathname}.`);
}

async function post(url, body, headers = {}) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const reply = await response.json();
  if (reply.code !== 0) throw new Error(`${url}: ${reply.code} ${reply.msg}`);
  return reply;
}
