// The examples of deployment agree with the service: its variables, its port, its paths, its limits and its patience.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { loadConfig, VARIABLE_NAMES } from '../../src/config/config';
import { MAX_HEADER_BYTES } from '../../src/http/header-limits';
import { describeWith } from '../support/needs-program';

const ROOT = join(__dirname, '../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** A manifest of Kubernetes; its fields are looked at one by one below. */
interface Manifest {
  kind: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- its schema is Kubernetes’ own
  spec: any;
}

/** Loads what an example sets; the files it names hold a secret. */
function load(example: Record<string, string>): ReturnType<typeof loadConfig> {
  for (const name of Object.keys(example)) expect(VARIABLE_NAMES).toContain(name);
  return loadConfig(example, () => 'a-secret');
}

describe('compose.yaml', () => {
  const { services, secrets } = parse(read('compose.yaml'));
  const { signer, redis } = services;
  /** `${NAME:?message}` is the caller's to set, `${NAME:-default}` may be. */
  const environment = Object.fromEntries(
    Object.entries<string>(signer.environment).map(([name, value]) => [
      name,
      value
        .replace(/\$\{\w+:-(.*)\}/, '$1')
        .replace(/\$\{LARK_APP_ID:\?.*\}/, 'cli_compose')
        .replace(/\$\{ALLOWED_ORIGINS:\?.*\}/, 'https://h5.example.com'),
    ]),
  );

  it('configures a service that keeps its tickets in its Redis', () => {
    const config = load(environment);
    expect(config.ticketStore.kind).toBe('redis');
    expect(environment['TICKET_STORE']).toBe('redis://redis:6379');
    expect(Object.keys(services)).toContain('redis');
    expect(environment['LARK_APP_SECRET_FILE']).toBe(`/run/secrets/${Object.keys(secrets)[0]}`);
  });

  it('counts each client behind the gateway by itself', () => {
    expect(load(environment).trustProxy).toBe(1);
  });

  it('passes the prefix of deploy/nginx.conf on', () => {
    const [, prefix] = /^ {4}location (\/\w+)\/ \{/m.exec(read('deploy/nginx.conf')) ?? [];
    expect(signer.environment.BASE_PATH).toBe('${BASE_PATH:-}');
    expect(read('compose.yaml')).toContain(`BASE_PATH=${prefix} `);
    expect(load({ ...environment, BASE_PATH: prefix! }).basePath).toBe(prefix);
  });

  it('publishes the port to this machine only, and gives no container more than it needs', () => {
    expect(signer.ports).toEqual([`127.0.0.1:3000:${load(environment).port}`]);
    for (const { read_only, cap_drop, security_opt } of [signer, redis])
      expect({ read_only, cap_drop, security_opt }).toEqual({
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
      });
    expect(redis).not.toHaveProperty('ports');
  });

  it('lets open requests end', () => {
    expect(parseInt(String(signer.stop_grace_period)) * 1_000).toBeGreaterThan(
      load(environment).shutdownGraceMs,
    );
  });
});

describe('deploy/kubernetes.yaml', () => {
  const documents = parseAllDocuments(read('deploy/kubernetes.yaml')).map(
    (document) => document.toJS() as Manifest,
  );
  const one = (kind: string): Manifest => documents.find((document) => document.kind === kind)!;
  const [deployment, service, budget] = [one('Deployment'), one('Service'), one('PodDisruptionBudget')];
  const pod = deployment.spec.template.spec;
  const [container] = pod.containers;
  const variables = container.env as { name: string; value?: string }[];
  // The others come from the pod: its address.
  const config = load(Object.fromEntries(variables.map(({ name, value = '10.1.2.3' }) => [name, value])));

  it('is a Deployment and what goes with it, which select the same pods', () => {
    expect(documents).toHaveLength(5);
    const { labels } = deployment.spec.template.metadata;
    for (const selector of [
      deployment.spec.selector.matchLabels,
      service.spec.selector,
      budget.spec.selector.matchLabels,
      one('NetworkPolicy').spec.podSelector.matchLabels,
      parse(read('deploy/kubernetes-monitoring.yaml')).spec.selector.matchLabels,
    ])
      expect(selector).toEqual(labels);
  });

  it('believes the ingress alone, by its place and not by a range that clients share', () => {
    expect(config.trustProxy).toBe(1);
  });

  it('has no variables of other Services, one of which might be named ADMIN_PORT', () => {
    expect(pod.enableServiceLinks).toBe(false);
  });

  it('keeps a replica while others go', () => {
    expect(deployment.spec.replicas).toBe(2);
    expect(deployment.spec.strategy.rollingUpdate.maxUnavailable).toBe(0);
    expect(budget.spec.minAvailable).toBe(1);
  });

  it('spreads its replicas over zones and nodes, and starts them also where there is only one', () => {
    const { labels } = deployment.spec.template.metadata;
    expect(pod.topologySpreadConstraints).toEqual(
      ['topology.kubernetes.io/zone', 'kubernetes.io/hostname'].map((topologyKey) => ({
        topologyKey,
        maxSkew: 1,
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector: { matchLabels: labels },
      })),
    );
  });

  it('probes paths of the service at its port', () => {
    expect(container.ports).toEqual([
      { name: 'http', containerPort: config.port },
      { name: 'admin', containerPort: config.adminPort },
    ]);
    const { startupProbe, readinessProbe, livenessProbe } = container;
    expect(readinessProbe.httpGet.path).toBe(`${config.basePath}/readyz`);
    expect(readinessProbe.failureThreshold).toBeGreaterThan(1);
    for (const probe of [startupProbe, livenessProbe]) expect(probe.httpGet.path).toBe('/healthz');
    for (const probe of [startupProbe, readinessProbe, livenessProbe])
      expect(probe.httpGet.port).toBe('http');
    expect(service.spec.ports[0].targetPort).toBe('http');
  });

  it('accepts until balancers know, and has the time for that and for open requests', () => {
    expect(config.shutdownDelayMs).toBeGreaterThan(readinessMs(container.readinessProbe));
    expect(pod.terminationGracePeriodSeconds * 1_000).toBeGreaterThan(
      config.shutdownDelayMs + config.shutdownGraceMs,
    );
  });

  it('lets the ingress reach the public port below the prefix, and Prometheus the admin port of a pod', () => {
    const [rule] = one('Ingress').spec.rules;
    expect(rule.http.paths[0].path).toBe(`${config.basePath}/`);
    expect(config.apps[0]!.allowedOrigins.names(`https://${rule.host}`)).toBe(true);
    expect((one('NetworkPolicy').spec.ingress as { ports: object[] }[]).map(({ ports }) => ports[0])).toEqual(
      [{ port: 'http' }, { port: 'admin' }],
    );
    const monitor = parse(read('deploy/kubernetes-monitoring.yaml')).spec;
    expect(monitor.podMetricsEndpoints[0]).toMatchObject({ port: 'admin', path: '/metrics' });
    expect(variables.find(({ name }) => name === 'ADMIN_HOST')).toMatchObject({
      valueFrom: { fieldRef: { fieldPath: 'status.podIP' } },
    });
  });

  it('has a variant whose replicas share their tickets', () => {
    const patch = parse(read('deploy/kubernetes-redis.yaml')).spec.template.spec;
    const [{ name, env, volumeMounts }] = patch.containers;
    expect(name).toBe(container.name);
    expect(env[0].name).toBe('TICKET_STORE_FILE');
    expect(env[0].value).toMatch(new RegExp(`^${volumeMounts[0].mountPath}/`));
    expect(VARIABLE_NAMES).toContain(env[0].name);
  });

  it('asks for the memory that the service has in use', () => {
    // Measured: 102 to 170 MB, in MiB.
    expect(parseInt(container.resources.requests.memory)).toBeGreaterThanOrEqual(170 / 1.048576);
  });

  it('reads the secret from a mounted file, as a user without rights', () => {
    const [mount] = container.volumeMounts;
    const variable = variables.find(({ name }) => name === 'LARK_APP_SECRET_FILE');
    expect(variable!.value!.startsWith(`${mount.mountPath}/`)).toBe(true);
    expect(pod.volumes).toContainEqual(expect.objectContaining({ name: mount.name }));
    expect(pod.securityContext.runAsNonRoot).toBe(true);
    expect(container.securityContext).toMatchObject({
      readOnlyRootFilesystem: true,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
    });
  });
});

/** How late a probe sees that a replica is not ready. */
function readinessMs({ periodSeconds, failureThreshold }: Record<string, number>): number {
  return periodSeconds! * failureThreshold! * 1_000;
}

/** Where the examples have secrets written, and where a newcomer may write one besides. */
const SECRET_PATHS = [
  ...Object.values<{ file: string }>(parse(read('compose.yaml')).secrets).map(({ file }) => file),
  ...[...read('deploy/kubernetes.yaml').matchAll(/--from-file=\S+=(\S+)/g)].map(([, path]) => path!),
  ...[...(read('docs/many-apps.md') + read('docs/store-apps.md')).matchAll(/"\w+File": "([^/"][^"]*)"/g)].map(
    ([, path]) => path!,
  ),
  ...['.env', '.env.production', 'src/.env', 'public/secrets/app-secret'],
].map((path) => path.replace(/^\.\//, ''));

test('the examples name the files of secrets', () => {
  expect(SECRET_PATHS.length).toBeGreaterThan(7);
});

describeWith('git', 'secrets', () => {
  it('are not committed, and the example of .env is', () => {
    const folder = mkdtempSync(join(tmpdir(), 'deploy-'));
    const git = (...args: string[]) =>
      spawnSync('git', args, { cwd: folder, encoding: 'utf8' }).stdout.trim().split('\n');
    git('init', '--quiet');
    copyFileSync(join(ROOT, '.gitignore'), join(folder, '.gitignore'));
    expect(git('check-ignore', ...SECRET_PATHS, '.env.example')).toEqual(SECRET_PATHS);
    rmSync(folder, { recursive: true });
  });
});

describe('.dockerignore', () => {
  const patterns = read('.dockerignore')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));

  /** Whether `path` reaches the builder: the last pattern that matches it, or a folder above it, decides. */
  function isSent(path: string): boolean {
    const last = patterns.findLast((pattern) => {
      const glob = pattern
        .replace(/^!/, '')
        .replaceAll(/[.+^$()|]/g, '\\$&')
        .replaceAll(/\*\*\/|\*/g, (stars) => (stars === '*' ? '[^/]*' : '(.*/)?'));
      return new RegExp(`^${glob}(/|$)`).test(path);
    });
    return last === undefined || last.startsWith('!');
  }

  it('sends what is copied, and no secret', () => {
    expect(['src/main.ts', 'package.json', 'docs/errors.md'].filter((path) => !isSent(path))).toEqual([]);
    expect([...SECRET_PATHS, 'lark-app-secret.txt', 'apps.json'].filter(isSent)).toEqual([]);
  });
});

describe('the health check of the image', () => {
  const [, command = ''] = /^HEALTHCHECK .*CMD (\[.*\])$/m.exec(read('Dockerfile')) ?? [];
  const [program = '', ...args] = JSON.parse(command) as string[];
  /** Its exit code, while a service answers at `listen` alone. */
  async function check(listen: string | undefined, env: Record<string, string>): Promise<number> {
    const server = createServer((request, response) => {
      response.writeHead(request.url === '/healthz' ? 200 : 404).end();
    });
    server.listen(0, listen);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const child = spawn(program, args, { env: { PATH: process.env['PATH'], PORT: String(port), ...env } });
    const [code] = (await once(child, 'exit')) as [number];
    server.close();
    return code;
  }

  // Containers are often built without IPv6.
  const hasIpv6 = Object.values(networkInterfaces())
    .flat()
    .some((own) => own?.address === '::1');

  it.each([undefined, '127.0.0.2', '0.0.0.0', 'localhost', ...(hasIpv6 ? ['::1', '[::1]', '::'] : [])])(
    'asks where the service listens with HOST=%s',
    async (host) => {
      const listen = host?.replace(/^\[|\]$/g, '');
      expect(await check(listen, host === undefined ? {} : { HOST: host })).toBe(0);
    },
  );

  it('fails where nothing answers', async () => {
    expect(await check('127.0.0.2', { HOST: '127.0.0.3' })).toBe(1);
  });
});

describe('deploy/nginx.conf', () => {
  const conf = read('deploy/nginx.conf').replaceAll(/#.*$/gm, '');
  const directive = (name: string): string =>
    new RegExp(`^\\s*${name}\\s+([^;]*);`, 'm').exec(conf)?.[1]?.replaceAll(/\s+/g, ' ') ?? '';

  it('takes request lines as long as the service does', () => {
    const [, size = ''] = directive('large_client_header_buffers').split(' ');
    expect(parseInt(size) * 1_024).toBe(MAX_HEADER_BYTES);
  });

  it('logs no query, neither the request’s nor a referrer’s', () => {
    const format = directive('log_format');
    const [name] = format.split(' ');
    expect(directive('access_log').split(' ').at(-1)).toBe(name);
    // $request, $request_uri, $args, $query_string, $http_referer hold one, and $uri one that was escaped into the path.
    const variables = [...format.matchAll(/\$(\w+)/g)].map(([, variable]) => variable);
    expect(variables).toContain('lark_path');
    for (const variable of [
      'request',
      'request_uri',
      'uri',
      'args',
      'query_string',
      'http_referer',
      'is_args',
    ])
      expect(variables).not.toContain(variable);
    // Before any location: a request that nginx refuses may have none.
    const [beforeLocations = ''] = conf.slice(conf.indexOf('server {')).split('location');
    expect(beforeLocations).toMatch(/^ *access_log .*;\s+error_log \/dev\/null/m);
  });

  it('hands path and query on as they came', () => {
    expect(directive('proxy_pass')).toMatch(/^http:\/\/\w+$/);
    expect(conf).toContain('location /lark/ {');
  });
});

describeWith('systemd-analyze', 'deploy/lark-jsapi-signer.service', () => {
  const path = join(ROOT, 'deploy/lark-jsapi-signer.service');

  it('is a unit without a fault', () => {
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', path], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('exposes little', () => {
    // 2.0: systemd's own word for everything below is "OK", and Node needs memory that is both writable and executable.
    const { status, stdout } = spawnSync(
      'systemd-analyze',
      ['security', '--offline=true', '--threshold=20', path],
      { encoding: 'utf8' },
    );
    expect({ status, verdict: stdout.split('\n').at(-2) }).toMatchObject({ status: 0 });
  });
});

test('the systemd unit sets variables of the service, and waits as long as the service does', () => {
  const unit = read('deploy/lark-jsapi-signer.service');
  const set = [...unit.matchAll(/^Environment=(\w+)=(.*)$/gm)].map(([, name, value]) => [name!, value!]);
  const config = load({
    LARK_APP_ID: 'cli_systemd',
    ALLOWED_ORIGINS: 'https://h5.example.com',
    ...(Object.fromEntries(set) as Record<string, string>),
  });
  expect(config.ticketStore.kind).toBe('file');
  expect(Number(/^TimeoutStopSec=(\d+)$/m.exec(unit)?.[1]) * 1_000).toBeGreaterThan(config.shutdownGraceMs);
  expect(unit).toMatch(/^RestartPreventExitStatus=2$/m);
});
