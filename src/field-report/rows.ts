// What a field report asks, of the platform and of the client, and what the simulated ones do: one list for `doctor --report`, the page and docs/field-report.md.

/** A text in both languages of the page. */
export interface Text {
  readonly en: string;
  readonly zh: string;
}

/** One question to the real platform or client. */
export interface Row {
  readonly id: string;
  readonly question: Text;
  /** What the simulated one does, in the words of an observation. */
  readonly assumed: string;
  /** The assumptions that the answer confirms or refutes, by their names in `src/sandbox/assumptions.ts`. */
  readonly settles: readonly [string, ...string[]];
}

/** What `doctor --report` asks, in this order: a token call and a ticket call, and the same again after a pause. */
export const PLATFORM_ROWS = [
  {
    id: 'tokenReply',
    question: { en: 'Status and code of a token call', zh: 'token 调用的状态和错误码' },
    assumed: 'HTTP 200, code 0',
    settles: ['replyFields', 'gatewayStatus', 'gatewayStatusOthers'],
  },
  {
    id: 'tokenFields',
    question: { en: 'Fields of its reply', zh: '其响应的字段' },
    assumed: 'code, expire, msg, tenant_access_token',
    settles: ['replyFields'],
  },
  {
    id: 'ticketReply',
    question: { en: 'Status and code of a ticket call', zh: 'ticket 调用的状态和错误码' },
    assumed: 'HTTP 200, code 0',
    settles: ['replyFields', 'gatewayStatus', 'gatewayStatusOthers'],
  },
  {
    id: 'ticketFields',
    question: { en: 'Fields of its reply', zh: '其响应的字段' },
    assumed: 'code, data.expire_in, data.ticket, msg',
    settles: ['replyFields'],
  },
  {
    id: 'headers',
    question: { en: 'Headers of all these replies', zh: '以上响应的响应头' },
    assumed: 'Date, X-Tt-Logid',
    settles: ['replyHeaders'],
  },
  {
    id: 'tokenAgain',
    question: { en: 'The token of a second call', zh: '第二次调用得到的 token' },
    assumed: 'the same',
    settles: ['sameValue'],
  },
  {
    id: 'tokenLife',
    question: { en: 'expire in the second call', zh: '第二次调用的 expire' },
    assumed: 'counts down',
    settles: ['remainingLife'],
  },
  {
    id: 'ticketAgain',
    question: { en: 'The ticket of a second call', zh: '第二次调用得到的 ticket' },
    assumed: 'the same',
    settles: ['sameValue'],
  },
  {
    id: 'ticketLife',
    question: { en: 'expire_in in the second call', zh: '第二次调用的 expire_in' },
    assumed: 'counts down',
    settles: ['remainingTicketLife'],
  },
] as const satisfies readonly Row[];

/**
 * The HTTP status that the simulated platform sends a refusal with, by code: 200 at the endpoints of tokens, 400 from its gateway.
 * Of other codes nothing is assumed.
 */
export const REFUSAL_STATUS: Readonly<Record<number, number>> = {
  ...{ 10003: 200, 10005: 200, 10014: 200, 10015: 200 },
  ...{ 99991401: 400, 99991661: 400, 99991662: 400, 99991663: 400, 99991671: 400 },
};

/** Each form of a name: an accepted config, then a call of the same JSAPI by its plain and by its dotted name. */
const forms = (config: string, plain: string, dotted: string): string =>
  `${config}; plain call ${plain}; dotted call ${dotted}`;

/**
 * What the page's "Client report" asks, in this order. The first two are each asked in a load of the page of their own, where nothing
 * has been asked before; a form of a name comes before those that allow more.
 */
export const CLIENT_ROWS = [
  {
    id: 'configBeforeReady',
    question: { en: 'A right signature, before h5sdk.ready', zh: '正确的签名，在 h5sdk.ready 之前' },
    assumed: 'accepted',
    settles: ['configBeforeReady'],
  },
  {
    id: 'othersBeforeReady',
    question: {
      en: 'All at once before h5sdk.ready: a changed signature, a string timestamp, an unknown, a dotted and a prefixed name, an empty list',
      zh: '在 h5sdk.ready 之前同时提交：被改动的签名、字符串 timestamp、未知名称、带点名称、带前缀名称、空列表',
    },
    assumed: 'refused 333441; refused 1012; accepted; accepted; accepted; accepted',
    settles: ['configBeforeReady'],
  },
  {
    id: 'readyAlone',
    question: { en: 'h5sdk.ready, without a config', zh: '没有 config 时的 h5sdk.ready' },
    assumed: 'fires',
    settles: ['readyAlone'],
  },
  {
    id: 'changedSignature',
    question: { en: 'A changed signature', zh: '被改动的签名' },
    assumed: 'refused 333441',
    settles: ['wrongSignature'],
  },
  {
    id: 'failureForm',
    question: { en: 'The fields of that failure', zh: '该失败对象的字段' },
    assumed: 'errString: text with the code; errno: code 2601002',
    settles: ['failureForm'],
  },
  {
    id: 'errorCallback',
    question: { en: 'The callbacks of that failure, in order', zh: '该失败触发的回调及其顺序' },
    assumed: 'onFail, h5sdk.error',
    settles: ['errorCallback'],
  },
  {
    id: 'stringTimestamp',
    question: { en: 'A timestamp that is a string', zh: '字符串类型的 timestamp' },
    assumed: 'refused 1012',
    settles: ['timestampType'],
  },
  {
    id: 'missingArgument',
    question: { en: 'A config without nonceStr', zh: '缺少 nonceStr 的 config' },
    assumed: 'refused 1012',
    settles: ['missingArgument'],
  },
  {
    id: 'otherApp',
    question: { en: 'An app id that does not exist', zh: '不存在的 App ID' },
    assumed: 'refused 333440',
    settles: ['checkOrder'],
  },
  {
    id: 'unlistedName',
    question: { en: 'A JSAPI that is not in jsApiList', zh: '不在 jsApiList 中的 JSAPI' },
    assumed: forms('accepted', 'refused 333445', 'refused 333445'),
    settles: ['unlistedJsapi'],
  },
  {
    id: 'dottedName',
    question: { en: 'A dotted name, biz.x.y', zh: '带点的名称 biz.x.y' },
    assumed: forms('accepted', 'refused 333445', 'allowed'),
    settles: ['nameForms'],
  },
  {
    id: 'prefixedName',
    question: { en: 'A name with a prefix, tt.x', zh: '带前缀的名称 tt.x' },
    assumed: forms('accepted', 'allowed', 'refused 333445'),
    settles: ['nameForms'],
  },
  {
    id: 'plainName',
    question: {
      en: 'A right signature after ready, with a plain name',
      zh: 'ready 之后正确的签名，普通名称',
    },
    assumed: forms('accepted', 'allowed', 'refused 333445'),
    settles: ['nameForms'],
  },
  {
    id: 'reusedSignature',
    question: { en: 'That signature once more', zh: '再次使用该签名' },
    assumed: 'refused 333443',
    settles: ['signatureOnce'],
  },
  {
    id: 'unknownName',
    question: { en: 'A plain name and one that no JSAPI has', zh: '一个普通名称和一个不存在的名称' },
    assumed: forms('accepted', 'allowed', 'refused 333445'),
    settles: ['unknownNames'],
  },
  {
    id: 'emptyList',
    question: { en: 'An empty jsApiList', zh: '空的 jsApiList' },
    assumed: forms('accepted', 'allowed', 'allowed'),
    settles: ['emptyList'],
  },
  {
    id: 'callbackNames',
    question: { en: 'The callbacks of a JSAPI', zh: 'JSAPI 的回调' },
    assumed: 'plain call success, complete; dotted call onSuccess',
    settles: ['callbackNames'],
  },
  {
    id: 'otherKeys',
    question: { en: 'A config with a key that it does not know', zh: '含有未知字段的 config' },
    assumed: 'accepted',
    settles: ['otherKeys'],
  },
  {
    id: 'checkedUrl',
    question: {
      en: 'A signature of the URL after history.pushState',
      zh: 'history.pushState 之后的 URL 的签名',
    },
    assumed: 'accepted',
    settles: ['checkedUrl'],
  },
] as const satisfies readonly Row[];
