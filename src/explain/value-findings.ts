// Findings about the other values of a signature: ticket, nonce, timestamp, string and hash.
import type { FindingTexts } from './texts';

/** By code, in the order in which they are likely. */
export const VALUE_FINDINGS = {
  TICKET_PREVIOUS: {
    cause: {
      en: 'It was signed with the previous ticket.',
      zh: '签名使用的是上一个 ticket，而不是当前的。',
    },
    cure: {
      en: 'Look for a signer that keeps a ticket beyond its life, such as a second instance or a cache of replies.',
      zh: '检查是否有签名服务保留了过期的 ticket，例如第二个实例或对响应的缓存。',
    },
  },
  TICKET_OTHER_APP: {
    cause: {
      en: "It was signed with another app's or tenant's ticket.",
      zh: '签名使用的是另一个应用或租户的 ticket。',
    },
    cure: {
      en: 'Request the signature for the app whose appId the page passes to config; cache the ticket of every app under its own key.',
      zh: '为页面 config 中的 appId 请求签名；缓存 ticket 时每个应用使用各自的键。',
    },
  },
  TICKET_ACCESS_TOKEN: {
    cause: {
      en: 'It was signed with an access token in place of the ticket.',
      zh: '签名时误用 access token 代替了 ticket。',
    },
    cure: {
      en: 'The token only opens POST /open-apis/jssdk/ticket/get; sign with data.ticket of its reply.',
      zh: 'token 只用于调用 POST /open-apis/jssdk/ticket/get；签名使用其响应中的 data.ticket。',
    },
  },
  TICKET_MISSING: {
    cause: {
      en: 'It was signed without a ticket: an empty text or a word such as "undefined" stood in its place.',
      zh: '签名时没有 ticket：其位置是空字符串或 "undefined" 之类的文字。',
    },
    cure: {
      en: 'When fetching the ticket, check "code" of the reply and await it before signing.',
      zh: '检查获取 ticket 的过程：判断响应的 code，并在签名前等待其完成。',
    },
  },
  TICKET_DECORATED: {
    cause: {
      en: 'The ticket was signed with quotation marks, white space or a second "=" around it.',
      zh: '参与签名的 ticket 前后带有引号、空白或多余的 "="。',
    },
    cure: {
      en: 'Parse the content of the cache or file before signing.',
      zh: '签名前先解析从缓存或文件读出的内容。',
    },
  },
  TICKET_DIFFERS: {
    cause: {
      en: 'The platform names a ticket that does not begin as ours does: it checks for another app, or our ticket is not its ticket.',
      zh: '平台给出的 ticket 开头与我们的不同：它校验的是另一个应用，或我们持有的 ticket 不属于该应用。',
    },
    cure: {
      en: 'Compare the appId in config with the app of the signer; compare Feishu with Lark.',
      zh: '核对 config 中的 appId 与签名服务的应用；核对是飞书还是 Lark。',
    },
  },
  TICKET_IN_REPLY: {
    cause: {
      en: 'The reply to the page contains the ticket: every visitor of the page can sign in the name of the app.',
      zh: '页面收到的响应中包含 ticket：任何打开页面的人都能以该应用的名义签名。',
    },
    cure: {
      en: 'Take the ticket out of the reply; the page needs appId, timestamp, nonceStr and signature only.',
      zh: '从响应中去掉 ticket；页面只需要 appId、timestamp、nonceStr、signature。',
    },
  },
  TIMESTAMP_IN_SECONDS: {
    cause: {
      en: 'The timestamp is in seconds, or was signed in seconds and handed over in milliseconds, or the other way round.',
      zh: 'timestamp 以秒为单位，或签名与传给客户端的单位（秒、毫秒）不一致。',
    },
    cure: {
      en: 'Use milliseconds (13 digits) in the string and in config.',
      zh: '签名字符串与 config 中都使用毫秒（13 位）。',
    },
  },
  TIMESTAMP_FORMAT: {
    cause: {
      en: 'The timestamp was signed in another way of writing: with decimals, an exponent, or as no number at all.',
      zh: '参与签名的 timestamp 写法不同：带小数、科学计数法，或根本不是数字。',
    },
    cure: {
      en: 'Write it as a whole number, the same in the string and in the reply.',
      zh: '写成整数，签名字符串与响应中使用同一个值。',
    },
  },
  TIMESTAMP_STRING: {
    cause: {
      en: 'The timestamp is a string; the client accepts only a number.',
      zh: 'timestamp 是字符串；客户端只接受数字。',
    },
    cure: {
      en: 'Hand it over as a number: Number(timestamp), or without quotation marks in the JSON.',
      zh: '以数字传入：Number(timestamp)，或在 JSON 中不加引号。',
    },
  },
  TIMESTAMP_CHANGED: {
    cause: {
      en: 'The timestamp that reached the client is not the signed timestamp.',
      zh: '到达客户端的 timestamp 与签名时的不同。',
    },
    cure: {
      en: 'Read the time once; hand to config the timestamp that came with the signature.',
      zh: '只取一次时间；把随签名返回的 timestamp 传给 config。',
    },
  },
  NONCE_MISSING: {
    cause: {
      en: 'It was signed without a nonce: an empty text or "undefined" stood in its place.',
      zh: '签名时没有随机串：其位置是空字符串或 "undefined"。',
    },
    cure: {
      en: 'Look for the two spellings: noncestr in the string, nonceStr in config.',
      zh: '注意两种写法：签名字符串中是 noncestr，config 中是 nonceStr。',
    },
  },
  NONCE_LETTER_CASE: {
    cause: {
      en: 'The nonce was signed in another letter case than the page hands over.',
      zh: '参与签名的随机串与页面传入的大小写不同。',
    },
    cure: {
      en: 'Hand over the very nonce that was signed.',
      zh: '传入与签名时完全相同的随机串。',
    },
  },
  NONCE_CHANGED: {
    cause: {
      en: 'The nonce that reached the client is not the signed nonce.',
      zh: '到达客户端的随机串与签名时的不同。',
    },
    cure: {
      en: 'Create the nonce once, where it is signed; pass the nonce of the reply to config.',
      zh: '只在签名处生成一次随机串；把随签名返回的随机串传给 config。',
    },
  },
  NONCE_CONSTANT: {
    cause: {
      en: 'The nonce is the constant of the official samples: two pages in the same millisecond get the same signature, which counts once.',
      zh: '随机串是官方示例中的常量：同一毫秒的两个页面会得到同一个签名，而签名只能使用一次。',
    },
    cure: {
      en: 'Draw a fresh nonce for every signature.',
      zh: '每次签名都生成新的随机串。',
    },
  },
  STRING_KEY_ORDER: {
    cause: {
      en: 'The keys of the signed string are in another order.',
      zh: '签名字符串中键的顺序不对。',
    },
    cure: {
      en: 'The order is jsapi_ticket, noncestr, timestamp, url.',
      zh: '顺序为 jsapi_ticket、noncestr、timestamp、url。',
    },
  },
  STRING_KEY_NAMES: {
    cause: {
      en: 'The signed string names its keys in another way, such as nonceStr.',
      zh: '签名字符串中的键名写法不同，例如 nonceStr。',
    },
    cure: {
      en: 'In the string the names are jsapi_ticket, noncestr, timestamp and url, all lower case.',
      zh: '签名字符串中的键名为 jsapi_ticket、noncestr、timestamp、url，全部小写。',
    },
  },
  STRING_SEPARATORS: {
    cause: {
      en: 'An "&" between the fields of the signed string is missing, or something else was written for it.',
      zh: '签名字符串的字段之间缺少 "&"，或写成了其他字符。',
    },
    cure: {
      en: 'Join the four fields with a single "&", and add nothing at the end.',
      zh: '四个字段之间各用一个 "&" 连接，末尾不加任何字符。',
    },
  },
  STRING_WITHOUT_KEYS: {
    cause: {
      en: 'The signed string contains only the values, without jsapi_ticket=, noncestr=, timestamp= and url=.',
      zh: '签名字符串只有值，缺少 jsapi_ticket=、noncestr=、timestamp=、url=。',
    },
    cure: {
      en: 'Write jsapi_ticket=…&noncestr=…&timestamp=…&url=….',
      zh: '写成 jsapi_ticket=…&noncestr=…&timestamp=…&url=…。',
    },
  },
  STRING_ENCODING: {
    cause: {
      en: 'The string was hashed in another encoding than UTF-8; with "?", characters that it does not have became question marks.',
      zh: '计算哈希时，字符串的编码不是 UTF-8；带 "?" 的表示该编码没有的字符变成了问号。',
    },
    cure: {
      en: 'Name UTF-8 where the string becomes bytes: getBytes(StandardCharsets.UTF_8), Encoding.UTF8, encode("utf-8"). Page URLs as browsers write them are pure ASCII: sign them unchanged.',
      zh: '在把字符串转换为字节处指定 UTF-8：getBytes(StandardCharsets.UTF_8)、Encoding.UTF8、encode("utf-8")。浏览器给出的页面 URL 只含 ASCII：请原样签名。',
    },
  },
  HASH_OF_NOTHING: {
    cause: {
      en: 'The signature is the hash of an empty text, or of a word such as "undefined": there was no string yet when it was hashed.',
      zh: '签名是空字符串（或 "undefined" 之类的文字）的哈希值：计算时字符串还不存在。',
    },
    cure: {
      en: 'Print the string before it is hashed; await the ticket, and hand the string to the hash before its digest is read.',
      zh: '打印计算哈希之前的字符串；等待 ticket 获取完成，先把字符串传给哈希函数，再读取结果。',
    },
  },
  HASH_OTHER: {
    cause: {
      en: 'Another hash than SHA-1 was used.',
      zh: '使用了 SHA-1 以外的哈希算法。',
    },
    cure: {
      en: 'Take plain SHA-1 over the string in UTF-8, without a key.',
      zh: '对 UTF-8 字符串使用普通的 SHA-1，不带密钥。',
    },
  },
  SIGNATURE_UPPER_CASE: {
    cause: {
      en: 'The signature is written in upper-case letters.',
      zh: '签名使用了大写字母。',
    },
    cure: {
      en: 'Write it in lower case: signature.toLowerCase().',
      zh: '改为小写：signature.toLowerCase()。',
    },
  },
  SIGNATURE_ZEROS_DROPPED: {
    cause: {
      en: 'Leading zeros of the hexadecimal signature, or of its bytes, were dropped; so about one page in 16, or more, fails.',
      zh: '十六进制签名（或其字节）的前导零被丢掉，因此大约每 16 次就有一次或更多失败。',
    },
    cure: {
      en: 'Write every byte with two digits.',
      zh: '每个字节都写成两位。',
    },
  },
  SIGNATURE_BASE64: {
    cause: {
      en: 'The signature is written in Base64.',
      zh: '签名以 Base64 书写。',
    },
    cure: {
      en: 'Write it in hexadecimal.',
      zh: '改为十六进制。',
    },
  },
  SIGNATURE_CHANGED: {
    cause: {
      en: 'The signature is right for all values that the platform names, but the platform names a different signature. The error belongs to another attempt, or the page passed another signature.',
      zh: '签名与平台给出的所有值相符，但平台给出的签名开头不同。错误属于另一次请求，或页面传入了另一个签名。',
    },
    cure: {
      en: 'Print what is passed to config next to the error, and paste both from the same attempt.',
      zh: '在错误旁边打印传给 config 的内容，并粘贴同一次请求的两者。',
    },
  },
  SIGNATURE_SHAPE: {
    cause: {
      en: 'The signature does not have the 40 hexadecimal digits of SHA-1.',
      zh: '签名不是 SHA-1 的 40 位十六进制。',
    },
    cure: {
      en: 'Hand over the whole signature, as SHA-1 in hexadecimal.',
      zh: '传入完整的签名：十六进制的 SHA-1。',
    },
  },
} as const satisfies Record<string, FindingTexts>;
