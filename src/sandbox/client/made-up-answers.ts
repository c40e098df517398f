// What the stand-in's JSAPIs answer, and what they need to be given. Data only: the script carries it as JSON.
import type { JsApiName, JsApis } from '../../jsapis/js-apis';

/** These answer by what happened before, see `createJsapis`. */
type Stateful = 'getClipboardData' | 'requestAccess' | 'requestAuthCode' | 'setClipboardData';

const NOTHING = {};
const PLACE = { latitude: 39.9087, longitude: 116.3975, type: 'gcj02' } as const;
const NAMES = { zh_cn: '张三', en_us: 'San Zhang' };
const PERSON = { openId: 'ou_stand-in', name: '张三', i18nNames: NAMES };

/** By name; each has the fields that the documentation promises. */
export const MADE_UP_ANSWERS: { readonly [Name in Exclude<JsApiName, Stateful>]: JsApis[Name]['result'] } = {
  authorize: NOTHING,
  chooseChat: { data: [{ id: 'oc_stand-in', chatType: 1, name: 'A chat' }] },
  chooseContact: { data: [PERSON] },
  chooseImage: {
    tempFilePaths: ['stand-in://image-1'],
    tempFiles: [{ path: 'stand-in://image-1', size: 1_024 }],
  },
  chooseLocation: { ...PLACE, name: 'A place', address: '' },
  chooseMedia: { tempFiles: [{ tempFilePath: 'stand-in://image-1', type: 'image', size: 1_024 }] },
  closeWindow: NOTHING,
  docsPicker: { fileList: [{ filePath: 'https://example.com/docx/stand-in', fileName: 'A document' }] },
  enterChat: NOTHING,
  enterProfile: NOTHING,
  filePicker: { list: [{ path: 'stand-in://file-1', name: 'a.pdf', size: '1024' }] },
  getBlockActionSourceDetail: {
    bizType: 'message',
    content: {
      actionTime: 1_700_000_000,
      messages: [
        {
          messageType: 'text',
          sender: { name: '张三', open_id: 'ou_stand-in' },
          createTime: 1_700_000_000,
          support: true,
          content: '{"text":"A message"}',
          status: true,
          openChatId: 'oc_stand-in',
          openMessageId: 'om_stand-in',
        },
      ],
    },
  },
  getConnectedWifi: { SSID: 'stand-in' },
  getLocation: {
    ...PLACE,
    accuracy: 30,
    horizontalAccuracy: 30,
    verticalAccuracy: 0,
    timestamp: 1_700_000_000_000,
  },
  getNetworkType: { networkType: 'wifi' },
  getSetting: { authSetting: { 'scope.userInfo': true, 'scope.userLocation': true } },
  getSystemInfo: {
    system: 'stand-in',
    platform: 'android',
    brand: 'stand-in',
    model: 'stand-in',
    version: '0.0.0',
    SDKVersion: '0.0.0',
    screenWidth: 390,
    screenHeight: 844,
    windowWidth: 390,
    windowHeight: 780,
    pixelRatio: 3,
    language: 'zh_CN',
    fontSizeSetting: 16,
  },
  getTriggerContext: { openChatId: 'oc_stand-in', bizType: 'chat' },
  getUserInfo: {
    userInfo: { nickName: '张三', avatarUrl: '', gender: '', country: '', city: '', language: 'zh_CN' },
    rawData: '{"nickName":"张三","avatarUrl":"","gender":"","country":"","city":"","language":"zh_CN"}',
  },
  hideLoading: NOTHING,
  hideToast: NOTHING,
  makePhoneCall: NOTHING,
  openDocument: NOTHING,
  openLocation: NOTHING,
  openSchema: NOTHING,
  previewImage: NOTHING,
  saveImageToPhotosAlbum: NOTHING,
  scanCode: { result: 'https://example.com/scanned' },
  sendMessageCard: {
    sendCardInfo: [{ status: 0, openChatId: 'oc_stand-in', openMessageId: 'om_stand-in' }],
  },
  share: NOTHING,
  showActionSheet: { tapIndex: 0 },
  showLoading: NOTHING,
  showModal: { confirm: true, cancel: false },
  showToast: NOTHING,
  updateBadge: NOTHING,
};

/** The parameters without which a JSAPI fails with 104. */
export const NEEDED_PARAMETERS: {
  readonly [Name in JsApiName]?: readonly (keyof JsApis[Name]['params'])[];
} = {
  authorize: ['scope'],
  enterProfile: ['openid'],
  getBlockActionSourceDetail: ['triggerCode'],
  getTriggerContext: ['triggerCode'],
  makePhoneCall: ['phoneNumber'],
  openDocument: ['filePath'],
  openLocation: ['latitude', 'longitude'],
  openSchema: ['schema'],
  previewImage: ['urls'],
  // The documentation asks for scopeList too; pages that leave it out are not told so by any known client.
  requestAccess: ['appID'],
  requestAuthCode: ['appId'],
  saveImageToPhotosAlbum: ['filePath'],
  setClipboardData: ['data'],
  share: ['contentType'],
  showActionSheet: ['itemList'],
  showLoading: ['title'],
  showToast: ['title'],
  updateBadge: ['badgeNum'],
};
