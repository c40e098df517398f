// A self-signed certificate for 127.0.0.1 and localhost, valid until 2126, and its key: for tests only, trusted nowhere else.

/** PEM; it is its own authority. */
export const LOOPBACK_CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBuzCCAWGgAwIBAgIUfsSCjqlxPVEwmvFgKterOAcDtscwCgYIKoZIzj0EAwIw
JDEiMCAGA1UEAwwZbG9vcGJhY2sgdGVzdCBjZXJ0aWZpY2F0ZTAgFw0yNjExMjIx
OTQ1MzFaGA8yMTI2MTAyOTE5NDUzMVowJDEiMCAGA1UEAwwZbG9vcGJhY2sgdGVz
dCBjZXJ0aWZpY2F0ZTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABNwcmhYKN9EC
Ml5k1I/M8p7zZ47qj+WQl9qtTRi2n5rx02ZttqVn1jt5Hy+2U79caitgT5CkP87p
pDSXu7DyeN2jbzBtMB0GA1UdDgQWBBTFtFcC1uP+2Lq+kv8HsEMuBAAhDzAfBgNV
HSMEGDAWgBTFtFcC1uP+2Lq+kv8HsEMuBAAhDzAaBgNVHREEEzARhwR/AAABggls
b2NhbGhvc3QwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiAdiWPg
qcWLLRDGXdTMJPNWSVSrs9Vq8zevwH9A1tW+QwIhAL0aGBQIJlLNUdfP3Kh6/IQh
JIrpdxp6Z1nnfPjTsh3y
-----END CERTIFICATE-----`;

/** PEM. Public, like everything in a repository: never use it outside tests. */
export const LOOPBACK_KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQggvNBTT7gB4v37blJ
dWRmYr4p6eZwi8QqnP7FWig4LT2hRANCAATcHJoWCjfRAjJeZNSPzPKe82eO6o/l
kJfarU0Ytp+a8dNmbbalZ9Y7eR8vtlO/XGorYE+QpD/O6aQ0l7uw8njd
-----END PRIVATE KEY-----`;
