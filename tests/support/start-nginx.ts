// A real nginx with deploy/nginx.conf, listening on a socket in a folder.
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitUntil } from './wait-until';

const CONF = join(__dirname, '../../deploy/nginx.conf');

/** Starts nginx in `folder`, for services at the sockets `upstream` in it; the logs are there too. Resolves once it listens at `socket`. */
export async function startNginx(
  folder: string,
  upstream: readonly string[],
): Promise<{ nginx: ChildProcess; socket: string }> {
  const socket = join(folder, 'listen.sock');
  const conf = readFileSync(CONF, 'utf8')
    .replace('listen 80', `listen unix:${socket}`)
    .replace('server 127.0.0.1:3000;', upstream.map((name) => `server unix:${folder}/${name};`).join(' '))
    .replaceAll('/var/log/nginx', folder)
    .replace('/var/www/h5', folder);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder}/${name};`)
    .join(' ');
  // What the rest of a machine's nginx has, at its most talkative: logs for all servers that name none.
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off; master_process off; pid ${folder}/pid; error_log ${folder}/error.log info; events {}
     http { access_log ${folder}/access.log; ${temporary}\n${conf} }`,
  );
  const nginx = spawn('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf')], { stdio: 'inherit' });
  await waitUntil('nginx listens', () => existsSync(socket));
  return { nginx, socket };
}
