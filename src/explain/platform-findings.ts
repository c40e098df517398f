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
      en: 'The platform has no valid ticket for this app: the ticket that signs became invalid early, or belongs to another app or tenant.',
      zh: '平台上该应用没有有效的 ticket：签名所用的已提前失效，或属于另一个应用或租户。',
    },
    cure: {
      en: 'Let the signer fetch the ticket again; check that appId and app secret are of the same app.',
      zh: '让签名服务重新获取 ticket；检查 App ID 与 App Secret 属于同一应用。',
    },
  },
  SIGNATURE_REUSED: {
    cause: {
      en: 'This signature was used before; the platform accepts each signature once.',
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
      en: 'Pass timestamp as a number. Remove the entries of jsApiList one by one to find the invalid one: a name that this SDK build does not know fails the whole config.',
      zh: '以数字传入 timestamp。逐个去掉 jsApiList 的条目以找出错误的那个：当前 JSSDK 版本不认识的名称会使整个 config 失败。',
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
      en: "Add the page's full origin, https://host[:port], in the developer console, Security settings. It takes effect at once; no release is needed.",
      zh: '在开发者后台的“安全设置”中添加页面完整的源 https://host[:port]。立即生效，无需发布版本。',
    },
  },
  TRUSTED_DOMAIN_OTHER: {
    cause: {
      en: 'The page is not in an H5 trusted domain of the app.',
      zh: '页面不在应用的 H5 可信域名内。',
    },
    cure: {
      en: 'Add its full origin, https://host[:port], in the developer console, Security settings. It takes effect at once; no release is needed.',
      zh: '在开发者后台的“安全设置”中添加其完整的源 https://host[:port]。立即生效，无需发布版本。',
    },
  },
  APP_NOT_VISIBLE: {
    cause: { en: 'The app is not visible to this user.', zh: '该用户不在应用的可用范围内。' },
    cure: {
      en: 'Add the user to the availability of the app in the developer console, and release a version.',
      zh: '在开发者后台把该用户加入应用的可用范围，并发布版本。',
    },
  },
  AUTHENTICATION_FAILED: {
    cause: {
      en: 'The client wraps another code in this code and does not show it here.',
      zh: '客户端用此码包装了另一个错误码，这里没有显示。',
    },
    cure: {
      en: 'Print every field of the error (errno, errString, errCode, errMsg, errorMessage): one of them contains the reason, as "(error code: 333444)".',
      zh: '打印错误对象的所有字段（errno、errString、errCode、errMsg、errorMessage）：其中之一含有原因，例如 "(error code: 333444)"。',
    },
  },
  PLATFORM_FAULT: {
    cause: { en: 'The platform has a fault of its own.', zh: '平台自身故障。' },
    cure: { en: 'Try again later.', zh: '请稍后重试。' },
  },
  NETWORK_FAILED: {
    cause: {
      en: 'The client could not reach the platform, or could not read its reply: the signature was not judged.',
      zh: '客户端无法连接平台，或无法读取平台的响应：签名未被校验。',
    },
    cure: {
      en: 'Try once more with a fresh signature; check the network of the device, its proxy and its VPN.',
      zh: '用新的签名再试一次；检查设备的网络、代理和 VPN。',
    },
  },
  CLIENT_FAULT: {
    cause: { en: 'The client has an internal error.', zh: '客户端内部错误。' },
    cure: {
      en: 'Try again; restart or update the client when it stays.',
      zh: '请重试；如仍出现，重启或升级客户端。',
    },
  },
  CLIENT_TOO_OLD: {
    cause: {
      en: 'The client does not support this feature: its version is too old, or its system has no such JSAPI.',
      zh: '客户端不支持该功能：版本过低，或该系统没有这个 JSAPI。',
    },
    cure: {
      en: 'Update the client. In place of requestAccess, fall back to requestAuthCode.',
      zh: '升级客户端。requestAccess 不可用时改用 requestAuthCode。',
    },
  },
  AUTHORISATION_ENDED: {
    cause: {
      en: 'The page is not authorised any more, or was not authorised in this container.',
      zh: '页面的鉴权已失效，或当前容器中尚未鉴权。',
    },
    cure: {
      en: 'Call config again with a fresh signature, then the JSAPI once more.',
      zh: '用新的签名重新调用 config，然后再调用一次该 JSAPI。',
    },
  },
  CALLS_TOO_MANY: {
    cause: { en: 'The page calls JSAPIs too often.', zh: '页面调用 JSAPI 过于频繁。' },
    cure: {
      en: 'Call less often, and not in a loop; wait before the next call.',
      zh: '降低调用频率，不要循环调用；间隔一段时间再调用。',
    },
  },
  USER_ID_WRONG: {
    cause: {
      en: 'The user id, openId or appId that the page handed over is invalid, or they belong to different apps or users.',
      zh: '页面传入的用户 ID、openId 或 appId 无效，或不属于同一应用或用户。',
    },
    cure: {
      en: 'Hand over the openId that came with the user access token, of the app whose appId is in config.',
      zh: '传入与 user_access_token 一同返回的 openId，且属于 config 中 appId 的应用。',
    },
  },
  SESSION_ENDED: {
    cause: {
      en: "The user's session in the client has ended; the signature was not judged.",
      zh: '用户在客户端的登录态已失效：签名未被校验。',
    },
    cure: { en: 'Sign in to the client again, then reload the page.', zh: '重新登录客户端，然后刷新页面。' },
  },
  REDIRECT_URL_UNKNOWN: {
    cause: {
      en: 'The redirect URL of the login is not registered exactly. Login needs no config and no signature.',
      zh: '登录的重定向 URL 与登记的不完全一致。登录不需要 config，也不需要签名。',
    },
    cure: {
      en: 'Add the exact redirect URL in the developer console, Security settings.',
      zh: '在开发者后台的“安全设置”中添加完全一致的重定向 URL。',
    },
  },
  COMPONENT_TICKET_KIND: {
    cause: {
      en: "The web component was signed with a ticket of the wrong kind: a tenant's or an app's where a user's is needed.",
      zh: '网页组件的签名使用了错误类型的 ticket：需要用户的 ticket，却用了租户或应用的。',
    },
    cure: {
      en: 'Fetch the ticket with a user_access_token, and hand its openId to the component; sign with kind=component.',
      zh: '用 user_access_token 获取 ticket，并把对应的 openId 传给组件；签名时使用 kind=component。',
    },
  },
  COMPONENT_SCOPE_MISSING: {
    cause: {
      en: 'The app lacks the scope that the web component needs ("permission Scope Required").',
      zh: '应用缺少网页组件所需的权限（"permission Scope Required"）。',
    },
    cure: {
      en: 'Add the scope docs:component to the app in the developer console, and release a version.',
      zh: '在开发者后台为应用添加权限 docs:component，并发布版本。',
    },
  },
  REFUSED_THOUGH_RIGHT: {
    cause: {
      en: 'The signature is right for all values that the platform names, and its ticket begins as ours does. The refusal belongs to another attempt, or the tickets differ further on.',
      zh: '签名与平台给出的所有值相符，且其 ticket 的开头与我们的相同。被拒绝的是另一次请求，或两个 ticket 在后面的部分不同。',
    },
    cure: {
      en: 'Paste the reply and the error of the same attempt. If they are, fetch the ticket again, and compare the app and its tenant.',
      zh: '请粘贴同一次请求的响应与错误。如果已是同一次，请重新获取 ticket，并核对应用与租户。',
    },
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
      en: 'What is known does not suffice to recompute the signature. The evidence names what is missing.',
      zh: '已知信息不足以重新计算签名，缺少的项见依据。',
    },
    cure: {
      en: 'Send url, timestamp, nonceStr and signature as the page received them. The service computes with its own ticket. The command line needs a file with the ticket that signed, named by --ticket-file: from the cache of your signer, or from jssdk/ticket/get. That endpoint returns the same ticket while the ticket has more than 30 minutes left.',
      zh: '请提供页面收到的 url、timestamp、nonceStr、signature。服务用自己的 ticket 计算。命令行需要用 --ticket-file 指定一个文件，其中是签名所用的 ticket。该 ticket 可从签名服务的缓存中取出，或调用 jssdk/ticket/get 获取。ticket 剩余 30 分钟以上时，该接口返回的是同一个 ticket。',
    },
  },
  UNKNOWN_CAUSE: {
    cause: {
      en: 'The cause is unknown: no known mistake, alone or with another, results in this signature.',
      zh: '原因未知：这里已知的错误（单独或两两组合）都不会得到这个签名。',
    },
    cure: {
      en: 'Print the string before it is hashed and compare it, byte for byte, with jsapi_ticket=…&noncestr=…&timestamp=…&url=….',
      zh: '打印计算哈希之前的字符串，与 jsapi_ticket=…&noncestr=…&timestamp=…&url=… 逐字节比较。',
    },
  },
} as const satisfies Record<string, FindingTexts>;
