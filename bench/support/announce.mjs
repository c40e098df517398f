// How a contestant starts: on a free loopback port, or on PORT, which it tells in the line that the service itself writes.
import { once } from 'node:events';

export async function announce(server) {
  server.listen(Number(process.env.PORT ?? 0), '127.0.0.1');
  await once(server, 'listening');
  console.log(JSON.stringify({ msg: 'listening', port: server.address().port }));
}
