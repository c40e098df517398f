// The texts of the client report's panel in both languages. The questions come with the table, and the text to copy is English.

export const REPORT_TEXTS = {
  en: {
    tabReport: 'Client report',
    reportHeading: 'What does this client really do?',
    reportNote:
      'Nobody of this project can ask the real client. A run takes a minute: it reloads this page three times, asks for some 20 signatures and calls JSAPIs that show nothing.',
    reportPrivacy:
      'Nothing is sent anywhere. The text holds codes, names of fields and the version of the client; no signature, app ID or address.',
    reportRun: 'Run the report',
    reportResults: 'Results',
    reportEmpty: 'Nothing was asked yet.',
    reportRunning: 'Asking the client. Leave this page open…',
    reportOutside: 'This is not the Feishu or Lark client. Open this page there and run the report again.',
    reportFailed: 'The report ended early',
    reportAgrees: 'Everything is as we assume',
    reportDiffers: 'This client differs from what we assume',
    reportUnseen: 'Not everything was answered',
    reportCounts: '{agrees} agree, {differs} differ, {unseen} without an answer.',
    reportSend: 'Copy the text and send it to the project as an issue: it turns our assumptions into facts.',
    reportText: 'The text',
    reportQuestion: 'Question',
    reportClient: 'Client',
    reportAssumed: 'Simulated client',
    reportVerdict: 'Result',
    report_agrees: 'agrees',
    report_differs: 'differs',
    report_unseen: 'no answer',
    reportNotAsked: 'not asked',
  },
  zh: {
    tabReport: '客户端报告',
    reportHeading: '这个客户端实际上怎么做？',
    reportNote:
      '本项目无法访问真实的客户端。运行约需一分钟：本页会重新加载三次，请求约 20 个签名，并调用没有界面的 JSAPI。',
    reportPrivacy: '不会发送任何内容。文本只含错误码、字段名和客户端版本，不含签名、App ID 和地址。',
    reportRun: '运行报告',
    reportResults: '结果',
    reportEmpty: '尚未运行。',
    reportRunning: '正在询问客户端，请勿关闭本页…',
    reportOutside: '当前不在飞书或 Lark 客户端中。请在客户端中打开本页，再运行报告。',
    reportFailed: '报告提前结束',
    reportAgrees: '全部与我们的假设一致',
    reportDiffers: '这个客户端与我们的假设不同',
    reportUnseen: '部分问题没有得到应答',
    reportCounts: '一致 {agrees} 项，不同 {differs} 项，无应答 {unseen} 项。',
    reportSend: '请复制文本，以 issue 的形式发给本项目：这样我们的假设就能变成事实。',
    reportText: '文本',
    reportQuestion: '问题',
    reportClient: '客户端',
    reportAssumed: '模拟客户端',
    reportVerdict: '结论',
    report_agrees: '一致',
    report_differs: '不同',
    report_unseen: '无应答',
    reportNotAsked: '未询问',
  },
};

/** The words of an observation in Chinese, the longer before those that they contain. */
const WORDS = {
  'refused without a code': '被拒绝，没有错误码',
  'text with the code': '含错误码的文本',
  'does not fire': '不触发',
  'code as text': '文本形式的错误码',
  'plain call': '普通名称调用：',
  'dotted call': '带点名称调用：',
  'empty text': '空文本',
  'no answer': '没有响应',
  'no object': '不是对象',
  'no fields': '没有字段',
  accepted: '已接受',
  refused: '被拒绝',
  allowed: '允许',
  missing: '不存在',
  throws: '抛出异常',
  fires: '触发',
  none: '无',
  code: '错误码',
  text: '文本',
  number: '数字',
};
/** Not before a colon, where the name of a field stands. */
const WORD = new RegExp(`\\b(?:${Object.keys(WORDS).join('|')})\\b(?!:)`, 'g');

/** An observation as readers of the language understand it. */
export const inWords = (observed, language) =>
  language === 'zh' ? observed.replace(WORD, (word) => WORDS[word]).replace(/： /g, '：') : observed;
