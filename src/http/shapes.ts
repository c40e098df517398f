// The forms in which a signature is returned: ours, and those that existing front ends read.
import type { SignedConfig } from '../signing/types';

/** One body per shape. Every shape carries `jsApiList` when one is configured. */
const SHAPES = {
  /** Ready for `h5sdk.config`. */
  config: (config: SignedConfig): unknown => config,
  /** The official samples' `/get_config_parameters`. */
  sample: ({ appId, timestamp, nonceStr, signature, jsApiList }: SignedConfig): unknown => ({
    appid: appId,
    timestamp,
    noncestr: nonceStr,
    signature,
    ...(jsApiList && { jsApiList }),
  }),
  /** The official Koa tutorial. */
  tutorial: ({ appId, timestamp, nonceStr, signature, jsApiList }: SignedConfig): unknown => ({
    code: 0,
    msg: 'ok',
    data: { app_id: appId, signature, noncestr: nonceStr, timestamp, ...(jsApiList && { jsApiList }) },
  }),
  /** The platform's own envelope around `config`. */
  envelope: (config: SignedConfig): unknown => ({ code: 0, msg: 'ok', data: config }),
};

export type Shape = keyof typeof SHAPES;

/** A further path of the signing endpoint, with the shape that its front ends read. */
export interface CompatRoute {
  /** Begins with `/`; the base path is put before it. */
  readonly path: string;
  readonly shape: Shape;
}

/** The names of the shapes, for settings and refusals. */
export const SHAPE_NAMES = Object.keys(SHAPES) as readonly Shape[];

export function isShape(name: string): name is Shape {
  return Object.hasOwn(SHAPES, name);
}

/** The body for `config` in `shape`. */
export function renderShape(shape: Shape, config: SignedConfig): string {
  return JSON.stringify(SHAPES[shape](config));
}
