// The shapes that pass between signing, the HTTP endpoint and the library's callers.

/** The arguments of `h5sdk.config`, and the exact string that was signed. The body of `GET /config`. */
export interface SignedConfig {
  /** `cli_…` */
  appId: string;
  /** Milliseconds since the epoch, a number: a string is refused by the client with 1012. */
  timestamp: number;
  /** 32 hexadecimal characters, fresh for every reply. */
  nonceStr: string;
  /** Lower-case hexadecimal SHA-1. */
  signature: string;
  /** The page URL that was signed, byte for byte. */
  url: string;
  jsApiList?: readonly string[];
}

/** A page URL that passed the rules. */
export interface PageUrl {
  /** The received string less its fragment, byte for byte: what is signed. */
  readonly toSign: string;
  /** `new URL(toSign).origin`. */
  readonly origin: string;
  /** The list that names the origin in full, as far as one was asked: the list itself, so that no other one is meant. */
  readonly namedBy?: Pick<AllowedOrigins, 'names'> | undefined;
}

/** The page origins that may be signed for and that CORS answers. */
export interface AllowedOrigins {
  /** True when the list is a lone `*`. */
  readonly any: boolean;
  /** `origin` is a serialised origin: scheme, host in its ASCII form, port when it is not the default. */
  allows(origin: string): boolean;
  /** Whether `text` is on the list in full, without a wildcard. It is a serialised origin then. */
  names(text: string): boolean;
  /** The setting that lists the origins, completing "Add it to …". */
  readonly setting: string;
}
