// Findings about the signed URL: what went wrong on its way from the page, and what to do.
import type { FindingTexts } from './texts';

const SEND_ENCODED = {
  en: "Send encodeURIComponent(location.href.split('#')[0]), decode it once, and change nothing else.",
  zh: "前端发送 encodeURIComponent(location.href.split('#')[0])，后端只解码一次，不做其他改动。",
};

/** By code, in the order in which they are likely. */
export const URL_FINDINGS = {
  URL_FRAGMENT: {
    cause: {
      en: 'The fragment, from "#" on, was signed with the URL; the client leaves it out.',
      zh: '签名的 URL 包含了 "#" 及其后的部分，客户端校验时不包含它。',
    },
    cure: {
      en: "Sign location.href.split('#')[0].",
      zh: "使用 location.href.split('#')[0] 参与签名。",
    },
  },
  URL_CUT_AT_AMPERSAND: {
    cause: {
      en: 'The signed URL ends at the page URL\'s first "&": it was sent raw or with encodeURI, and the rest became other parameters.',
      zh: '签名的 URL 在第一个 "&" 处被截断：它未经编码或仅用 encodeURI 发送，其余部分变成了其他参数。',
    },
    cure: {
      en: "Send it with encodeURIComponent: url=encodeURIComponent(location.href.split('#')[0]).",
      zh: "用 encodeURIComponent 发送：url=encodeURIComponent(location.href.split('#')[0])。",
    },
  },
  URL_LAUNCH_PARAMETERS: {
    cause: {
      en: 'The signed URL and the page URL differ in parameters that the client adds at launch (from, bdp_launch_query).',
      zh: '签名的 URL 与页面 URL 的差别是客户端启动时附加的参数（from、bdp_launch_query）。',
    },
    cure: {
      en: 'Let the page send its own location.href when it runs; do not configure or rebuild the address on the server.',
      zh: '由页面在运行时发送自己的 location.href；不要在服务端配置或拼接地址。',
    },
  },
  URL_QUERY_MISSING: {
    cause: {
      en: 'The signed URL lacks the query of the page URL, or some of its parameters.',
      zh: '签名的 URL 缺少页面 URL 的查询参数（全部或一部分）。',
    },
    cure: {
      en: 'Sign the URL with its whole query. location.origin and location.pathname do not contain it.',
      zh: '带上完整的查询参数签名。location.origin 与 location.pathname 不含查询参数。',
    },
  },
  URL_QUERY_ADDED: {
    cause: {
      en: 'The signed URL has parameters that the page URL does not have, or no longer has.',
      zh: '签名的 URL 含有页面 URL 没有（或已不再有）的参数。',
    },
    cure: {
      en: 'Sign for the address the page has when config runs; sign again after history.replaceState.',
      zh: '以调用 config 时页面的地址签名；history.replaceState 之后需重新签名。',
    },
  },
  URL_HTML_ESCAPED: {
    cause: {
      en: '"&" was signed as "&amp;" (or escaped in another way): the URL went through a template or a JSON encoder that escapes it.',
      zh: '"&" 以 "&amp;"（或其他转义形式）参与了签名：URL 经过了会转义它的模板或 JSON 编码。',
    },
    cure: {
      en: 'Take the URL from location.href in the script, not from the text of a template.',
      zh: '在脚本中从 location.href 取 URL，不要从模板文本中取。',
    },
  },
  URL_UNICODE: {
    cause: {
      en: 'Characters beyond ASCII were signed raw where the page URL has them encoded, or the other way round.',
      zh: '非 ASCII 字符以原文参与签名，而页面 URL 中是编码形式（或相反）。',
    },
    cure: SEND_ENCODED,
  },
  URL_NORMALISED: {
    cause: {
      en: 'The signed URL has its accented characters in another Unicode normal form (NFC or NFD).',
      zh: '签名的 URL 中字符的 Unicode 规范形式（NFC 或 NFD）不同。',
    },
    cure: {
      en: 'Remove every normalisation between page and signature: the bytes must stay.',
      zh: '去掉页面与签名之间的任何规范化处理：字节必须保持不变。',
    },
  },
  URL_PLUS_AND_SPACE: {
    cause: {
      en: 'A plus or a space changed in transit: "+", "%20", "%2B" and a space are equivalent in forms, never in a signature.',
      zh: '加号或空格在途中被改变："+"、"%20"、"%2B" 与空格在表单中可互换，在签名中不可以。',
    },
    cure: SEND_ENCODED,
  },
  URL_DECODED: {
    cause: {
      en: 'The signed URL was decoded once too often.',
      zh: '签名的 URL 被多解码了一次。',
    },
    cure: {
      en: 'Decode the parameter once. Frameworks do so already: remove the decodeURIComponent after them.',
      zh: '参数只解码一次。框架通常已经解码：去掉其后的 decodeURIComponent。',
    },
  },
  URL_ENCODED: {
    cause: {
      en: 'The signed URL was encoded once too often.',
      zh: '签名的 URL 被多编码了一次。',
    },
    cure: {
      en: 'Encode once, for the request to the signer only; some HTTP libraries encode parameters by themselves. Sign the decoded value.',
      zh: '只为传输编码一次；有些 HTTP 库会自动编码参数。签名时使用解码后的值。',
    },
  },
  URL_SCHEME: {
    cause: {
      en: 'The signed URL has another scheme than the page: http and https were mixed up, as behind a proxy that ends TLS.',
      zh: '签名的 URL 与页面的协议不同：http 与 https 混淆，常见于由代理终止 TLS 的部署。',
    },
    cure: {
      en: 'Let the page send location.href; a server behind a proxy does not know its scheme.',
      zh: '由页面发送 location.href；代理之后的服务端不知道真实协议。',
    },
  },
  URL_PORT: {
    cause: {
      en: 'The signed URL and the page URL differ in the port: a default port was written out, or a port was lost.',
      zh: '签名的 URL 与页面 URL 的端口不同：写出了默认端口，或丢失了端口。',
    },
    cure: {
      en: 'Browsers leave out :443 and :80 and keep every other port. Sign location.href as it is.',
      zh: '浏览器省略 :443 与 :80，保留其他端口。请原样签名 location.href。',
    },
  },
  URL_TRAILING_SLASH: {
    cause: {
      en: 'The signed URL and the page URL differ in a trailing slash.',
      zh: '签名的 URL 与页面 URL 只差一个末尾斜杠。',
    },
    cure: {
      en: 'Sign location.href as it is. For a bare host the browser writes the slash: https://h5.example.com/.',
      zh: '请原样签名 location.href。只有域名时浏览器会带上斜杠：https://h5.example.com/。',
    },
  },
  URL_ORIGIN_ONLY: {
    cause: {
      en: "Only the page's origin was signed, which is all that a cross-origin Referer contains.",
      zh: '只签名了页面的源，跨域的 Referer 就只含这一部分。',
    },
    cure: {
      en: 'Let the page send location.href; never derive the URL from Referer or Origin.',
      zh: '由页面发送 location.href；不要从 Referer 或 Origin 推导 URL。',
    },
  },
  URL_NOT_ABSOLUTE: {
    cause: {
      en: 'The signed URL is not absolute: its scheme, or scheme and host, are missing.',
      zh: '签名的 URL 不是绝对地址：缺少协议，或缺少协议和域名。',
    },
    cure: {
      en: 'Sign location.href, which has both; location.pathname and most routers have only the path.',
      zh: '签名 location.href（两者都有）；location.pathname 和多数路由器只给出路径。',
    },
  },
  URL_LETTER_CASE: {
    cause: {
      en: 'The signed URL and the page URL differ in letter case: of the host, of the whole, or of percent-escapes.',
      zh: '签名的 URL 与页面 URL 的大小写不同：域名、整个 URL，或百分号编码。',
    },
    cure: {
      en: 'The browser writes the host in lower case and keeps the rest. Sign location.href as it is.',
      zh: '浏览器把域名写成小写，其余保持不变。请原样签名 location.href。',
    },
  },
  URL_REBUILT: {
    cause: {
      en: 'The URL was taken apart and put together again: parameters sorted, re-encoded, or written in another way.',
      zh: 'URL 被拆开后重新拼接：参数被排序、重新编码或换了写法。',
    },
    cure: {
      en: 'Parse the URL to check it, and sign the string that came.',
      zh: '解析 URL 只用于校验，签名使用收到的原始字符串。',
    },
  },
  URL_WHITE_SPACE: {
    cause: {
      en: 'There is a space or a line break before or after the signed URL.',
      zh: '签名的 URL 前后有空格或换行。',
    },
    cure: {
      en: 'Find where it comes from (a template, a file, an environment variable), or trim there.',
      zh: '找出它的来源（模板、文件、环境变量）并在那里去除。',
    },
  },
  URL_OTHER_PAGE: {
    cause: {
      en: 'The signature is right for its URL, but the client checked another URL.',
      zh: '签名与其 URL 相符，但客户端校验的是另一个 URL。',
    },
    cure: {
      en: 'Sign for the address that the client names. In single-page apps sign again after a change of route.',
      zh: '以客户端给出的地址签名。单页应用在路由变化后需要重新签名。',
    },
  },
  PAGE_MOVED: {
    cause: {
      en: "The page's current address is not the address that the client checked.",
      zh: '页面现在的地址与客户端校验时的地址不同。',
    },
    cure: {
      en: 'Sign again after each change of route, or for the address at which the page was opened.',
      zh: '每次路由变化后重新签名，或以页面打开时的地址签名。',
    },
  },
} as const satisfies Record<string, FindingTexts>;
