// COMPAT_ROUTES: further paths, none of which may hide one of ours.
import { parseCompatRoutes } from '../../../src/config/parse-compat-routes';

describe('parseCompatRoutes', () => {
  it.each([
    ['/a=config', [{ path: '/a', shape: 'config' }]],
    [
      '/a/b.php=tutorial, /c/=envelope,',
      [
        { path: '/a/b.php', shape: 'tutorial' },
        { path: '/c', shape: 'envelope' },
      ],
    ],
    ['/x=y=sample', [{ path: '/x=y', shape: 'sample' }]],
    ['/%E4%B8%AD=sample', [{ path: '/%E4%B8%AD', shape: 'sample' }]],
    ['/config/old=sample', [{ path: '/config/old', shape: 'sample' }]],
    ['/eventsource=sample', [{ path: '/eventsource', shape: 'sample' }]],
  ])('reads %s', (text, routes) => {
    expect(parseCompatRoutes(text)).toEqual(routes);
  });

  it.each([
    ['/a', /names no shape: write \/a=sample/],
    ['/a=xml', /unknown shape: write one of config, sample, tutorial, envelope/],
    ['/a=', /unknown shape/],
    ['a=sample', /does not begin with a path/],
    ['=sample', /does not begin with a path/],
    ['/a?b=sample', /does not begin with a path/],
    ['/a#b=sample', /does not begin with a path/],
    ['/a b=sample', /does not begin with a path/],
    ['/中=sample', /percent-encoded/],
    ['/config=sample', /hide a path of this service/],
    ['/get_config_parameters/=config', /hide a path/],
    ['/HealthZ=sample', /hide a path/],
    ['/=sample', /hide a path/],
    ['/admin/apps=sample', /hide a path/],
    ['/events/x=sample', /hide a path/],
    ['/admin=sample', /hide a path/],
    ['/lark-jsapi.mjs=sample', /hide a path/],
    ['/lark-jsapi-0.1.0.js=sample', /hide a path/],
    ['/a=sample,/a/=config', /"\/a" is listed twice/],
    ['/a=xml,b=sample', /"\/a=xml" asks.*; "b=sample" does not begin/],
  ])('refuses %s', (text, message) => {
    expect(() => parseCompatRoutes(text)).toThrow(message);
  });
});
