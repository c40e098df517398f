// The security headers of the signing endpoint, whose replies are never shown.

/**
 * They may load nothing and be in no frame. What helmet sets for that, less what concerns windows, downloads and plug-ins: the
 * stricter policy, and the shorter one, since Node checks every character of every header, 4 µs of a signature's time. Written
 * out, so that a back end with a signer loads no helmet; a test compares them.
 */
export const DATA_HEADERS = {
  'Content-Security-Policy': "default-src 'none';frame-ancestors 'none'",
  // Pages of other origins load the replies; CORS says which of them may read.
  'Cross-Origin-Resource-Policy': 'cross-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
} as const;
