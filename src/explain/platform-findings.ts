// Findings about what the platform itself says, by its codes, and about what cannot be known.
import type { FindingTexts } from './texts';

/** By code. */
export const PLATFORM_FINDINGS = {
  APP_ID_UNKNOWN: {
    cause: { en: 'The platform knows no such app.', zh: '平台上没有这个应用。' },
    cure: {
      en: 'Check the appId in config, and whether the app is of Feishu or of Lark.',
      zh: '检查 config 中的 appId，以及应用属于飞书还是 Lark。',
    },
  },
  APP_ID_DIFFERS: {
    cause: {
      en: 'The appId of the page is not the app whose ticket signs.',
      zh: '页面的 appId 与签名 ticket 所属的应用不同。',
    },
    cure: {
      en: 'Hand to config the appId that came with the signature.',
      zh: '把随签名返回的 appId 传给 config。',
    },
  },
  TICKET_DEAD: {
    cause: {
      en: 'The platform has no valid ticket for this app: the one that signs died early, or is of another app or tenant.',
      zh: '平台上该应用没有有效的 ticket：签名所用的已提前失效，或属于另一个应用或租户。',
    },
    cure: {
      en: 'Let the signer fetch the ticket again; check that appId and app secret are of the same app.',
      zh: '让签名服务重新获取 ticket；检查 appId 与 app secret 属于同一应用。',
    },
  },
  SIGNATURE_REUSED: {
    cause: {
      en: 'This signature was used before; the platform takes each one once.',
      zh: '该签名已使用过；平台对每个签名只接受一次。',
    },
    cure: {
      en: 'Ask for a fresh signature for every config; look for a cache between page and signer.',
      zh: '每次 config 都请求新的签名；检查页面与签名服务之间的缓存。',
    },
  },
  SIGNATURE_OLD: {
    cause: {
      en: 'The signature is older than 10 minutes, the time it lives.',
      zh: '签名已超过 10 分钟的有效期。',
    },
    cure: {
      en: 'Ask for a fresh signature when config runs; look for a cached reply or page.',
      zh: '调用 config 时请求新的签名；检查是否缓存了响应或页面。',
    },
  },
  CLOCK_OFF: {
    cause: {
      en: "A clock is off: the signature's time and the current time differ in a way that its age does not explain.",
      zh: '时钟不准：签名的时间与当前时间之差超出了签名正常的存在时间。',
    },
    cure: {
      en: 'Synchronise the clock of the machine that signs (NTP); it must be within 10 minutes of the platform.',
      zh: '同步签名机器的时钟（NTP）；与平台的偏差须在 10 分钟以内。',
    },
  },
  ARGUMENT_INVALID: {
    cause: {
      en: 'An argument of config is missing or of the wrong type: a timestamp as a string, or an entry of jsApiList that web apps do not have.',
      zh: 'config 的参数缺失或类型错误：timestamp 是字符串，或 jsApiList 中有网页应用不支持的条目。',
    },
    cure: {
      en: 'Hand over timestamp as a number; leave the entries of jsApiList out one by one to find the bad one.',
      zh: '以数字传入 timestamp；逐个去掉 jsApiList 的条目以找出错误的那个。',
    },
  },
  API_NOT_LISTED: {
    cause: { en: 'This JSAPI was not named in jsApiList.', zh: 'jsApiList 中没有列出该 JSAPI。' },
    cure: {
      en: 'Add it to jsApiList of the config call.',
      zh: '把它加入 config 调用的 jsApiList。',
    },
  },
  API_UNKNOWN: {
    cause: { en: 'The client knows no such JSAPI.', zh: '客户端不认识该 JSAPI。' },
    cure: {
      en: 'Check its spelling, and the version of the client that it needs.',
      zh: '检查拼写以及它所需的客户端版本。',
    },
  },
  TRUSTED_DOMAIN_NONE: {
    cause: { en: 'The app has no H5 trusted domain.', zh: '应用没有配置 H5 可信域名。' },
    cure: {
      en: 'Add the domain of the page in the developer console, Security settings, and release the app if the console asks for it.',
      zh: '在开发者后台的“安全设置”中添加页面的域名；如后台要求则发布应用版本。',
    },
  },
  TRUSTED_DOMAIN_OTHER: {
    cause: {
      en: 'The page is not in an H5 trusted domain of the app.',
      zh: '页面不在应用的 H5 可信域名内。',
    },
    cure: {
      en: 'Add its domain, with its port, in the developer console, Security settings.',
      zh: '在开发者后台的“安全设置”中添加其域名（含端口）。',
    },
  },
  APP_NOT_VISIBLE: {
    cause: { en: 'The app is not visible to this user.', zh: '该用户不在应用的可用范围内。' },
    cure: {
      en: 'Add the user to the availability of the app in the developer console.',
      zh: '在开发者后台把该用户加入应用的可用范围。',
    },
  },
  AUTHENTICATION_FAILED: {
    cause: {
      en: 'The client wraps another code in this one and does not show it here.',
      zh: '客户端用此码包装了另一个错误码，这里没有显示。',
    },
    cure: {
      en: 'Print every field of the error (errno, errCode, errorCode, errMsg, errorMessage): one holds a code 3334xx.',
      zh: '打印错误对象的所有字段（errno、errCode、errorCode、errMsg、errorMessage）：其中之一含有 3334xx。',
    },
  },
  PLATFORM_FAULT: {
    cause: { en: 'The platform has a fault of its own.', zh: '平台自身故障。' },
    cure: { en: 'Try again later.', zh: '请稍后重试。' },
  },
  PAGE_UNKNOWN: {
    cause: {
      en: "The signature is right for its URL; whether that is the page's own is not known.",
      zh: '签名与其 URL 相符；但不知道该 URL 是否就是页面自己的地址。',
    },
    cure: {
      en: "Give the page's real address or the client's whole error text, which names the URL that was checked.",
      zh: '请提供页面的真实地址，或客户端的完整错误文本（其中有被校验的 URL）。',
    },
  },
  FACTS_MISSING: {
    cause: {
      en: 'What is known does not suffice to recompute the signature.',
      zh: '已知信息不足以重新计算签名。',
    },
    cure: {
      en: 'Give url, timestamp, nonceStr and signature as the page got them. The service computes with its own ticket; only the command line needs to be given one.',
      zh: '请提供页面收到的 url、timestamp、nonceStr、signature。服务用自己的 ticket 计算；只有命令行需要另外提供 ticket。',
    },
  },
  UNKNOWN_CAUSE: {
    cause: {
      en: 'The cause is unknown: no mistake that is known here, alone or with another, gives this signature.',
      zh: '原因未知：这里已知的错误（单独或两两组合）都不会得到这个签名。',
    },
    cure: {
      en: 'Print the string before it is hashed and compare it, byte for byte, with jsapi_ticket=…&noncestr=…&timestamp=…&url=….',
      zh: '打印散列之前的字符串，与 jsapi_ticket=…&noncestr=…&timestamp=…&url=… 逐字节比较。',
    },
  },
} as const satisfies Record<string, FindingTexts>;
