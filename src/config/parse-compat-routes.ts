// COMPAT_ROUTES: further paths of the signing endpoint, so that an existing front end need not change.
import { isShape, SHAPE_NAMES, type CompatRoute } from '../http/shapes';

/** Paths that have a meaning already, in lower case; below the last ones, everything has. */
const FIXED_PATHS = new Set(
  [
    '',
    '/config',
    '/get_config_parameters',
    '/healthz',
    '/readyz',
    '/report',
    '/errors',
    '/openapi.json',
    '/metrics',
  ].concat(['/explain', '/h5-sdk.js']),
);
const FIXED_FOLDERS = ['/events', '/admin', '/assets'];

/**
 * Reads `/old/path=shape,…`. A trailing slash is dropped: the endpoint ignores it. Throws an `Error` that names every
 * wrong entry: no path, an unknown shape, a path that is taken or written twice.
 *
 * @example parseCompatRoutes('/api/sign=sample') // [{ path: '/api/sign', shape: 'sample' }]
 */
export function parseCompatRoutes(text: string): CompatRoute[] {
  const routes: CompatRoute[] = [];
  const faults: string[] = [];
  for (const entry of text.split(',').map((part) => part.trim())) {
    const at = entry.lastIndexOf('=');
    const path = entry.slice(0, Math.max(at, 0)).trim().replace(/\/$/, '');
    const shape = entry.slice(at + 1).trim();
    if (entry === '') continue;
    if (at < 0) faults.push(`"${entry}" names no shape: write ${entry}=sample`);
    // Visible ASCII, as in a request line; "?" and "#" end a path there.
    else if (!/^\/[!-~]*$/.test(path || '/') || !entry.startsWith('/') || /[?#]/.test(path)) {
      faults.push(
        `"${entry}" does not begin with a path: write /old/path=sample, with other characters percent-encoded`,
      );
    } else if (!isShape(shape))
      faults.push(`"${entry}" asks for an unknown shape: write one of ${SHAPE_NAMES.join(', ')}`);
    else if (isFixed(path)) faults.push(`"${entry}" would hide a path of this service: choose another path`);
    else if (routes.some((route) => route.path === path))
      faults.push(`"${path}" is listed twice: remove one`);
    else routes.push({ path, shape });
  }
  if (faults.length > 0) throw new Error(faults.join('; '));
  return routes;
}

function isFixed(path: string): boolean {
  const lowerCase = path.toLowerCase();
  return (
    FIXED_PATHS.has(lowerCase) ||
    // The browser helper, which has its version in some of its names.
    lowerCase.startsWith('/lark-jsapi') ||
    FIXED_FOLDERS.some((folder) => `${lowerCase}/`.startsWith(`${folder}/`))
  );
}
