// The one map of JSAPIs: what each takes and what it answers. Types only; every list of names and every typed function comes from it.

/**
 * The JSAPIs that pages call most, by name. `params` without the callbacks, `result` without `errMsg`, which every answer has.
 *
 * All of it is documented. "Source" is the page's address below https://open.feishu.cn/document/client-docs/gadget/-web-app-api/,
 * unless it is given in full. What the documentation says of mini programs only is left out, as are `getStorage`, `setStorage` and
 * `getHostLaunchQuery`, which it says web apps do not have. A result that some clients leave out is optional.
 *
 * A page can add JSAPIs of its own: `declare module 'lark-jsapi-signer/globals' { interface JsApis { … } }`.
 */
export interface JsApis {
  /** Asks the user for a permission. Source: open-ability/authorize/authorize. */
  authorize: {
    params: {
      /** As in `scope.userLocation`. */
      scope: string;
    };
    result: object;
  };
  /** Lets the user choose chats. Source: open-ability/chat/choosechat. */
  chooseChat: {
    params: {
      allowCreateGroup?: boolean;
      /** Ten at most. */
      multiSelect?: boolean;
      ignoreSelf?: boolean;
      ignoreBot?: boolean;
      /** 0: both, 1: groups only, 2: users only. */
      selectType?: 0 | 1 | 2;
      confirmTitle?: string;
      confirmText?: string;
      confirmDesc?: string;
      externalChat?: boolean;
      showMessageInput?: boolean;
    };
    result: {
      data: {
        id: string;
        /** 0: a user, 1: a group. */
        chatType: 0 | 1;
        /** Of a user: 0, or 1 for a bot. */
        userType?: 0 | 1;
        avatarUrls?: string[];
        name?: string;
        i18nNames?: I18nNames;
      }[];
      message?: string;
    };
  };
  /** Lets the user choose people or departments. Source: open-ability/contact/choosecontact. */
  chooseContact: {
    params: {
      multi?: boolean;
      /** Leaves the user out. */
      ignore?: boolean;
      maxNum?: number;
      limitTips?: string;
      externalContact?: boolean;
      enableChooseDepartment?: boolean;
      chosenIds?: readonly string[];
      disableChosenIds?: readonly string[];
    };
    result: {
      data: {
        openId: string;
        unionId?: string;
        name?: string;
        i18nNames?: I18nNames;
        avatarUrls?: string[];
      }[];
      department_data?: { departmentId: string; openDepartmentId?: string }[];
    };
  };
  /** Lets the user choose or take pictures. Source: media/image/chooseimage. */
  chooseImage: {
    params: {
      sourceType?: readonly ('album' | 'camera')[];
      /** 1 to 20. */
      count?: number;
      sizeType?: readonly ('original' | 'compressed')[];
      cameraDevice?: 'front' | 'back';
      isSaveToAlbum?: '0' | '1';
    };
    result: {
      tempFilePaths: string[];
      /** `size` in bytes. */
      tempFiles: { path: string; size: number }[];
    };
  };
  /** Lets the user choose a place on a map. Source: location/chooselocation. */
  chooseLocation: {
    params: object;
    result: {
      name: string;
      /** May be empty. */
      address: string;
      latitude: number;
      longitude: number;
      type: CoordinateSystem;
    };
  };
  /** Lets the user choose or take pictures and videos. Source: media/video/choosemedia. */
  chooseMedia: {
    params: {
      mediaType?: readonly ('image' | 'video')[];
      sourceType?: readonly ('album' | 'camera')[];
      /** Up to 20. */
      count?: number;
      sizeType?: readonly ('original' | 'compressed')[];
      /** Of a video that is taken, in seconds, 3 to 60. */
      maxDuration?: number;
      cameraDevice?: 'front' | 'back';
      isSaveToAlbum?: '0' | '1';
    };
    result: {
      tempFiles: {
        tempFilePath: string;
        type: 'image' | 'video';
        /** In bytes. */
        size: number;
        /** Of a video, in seconds. */
        duration?: number;
        width?: number;
        height?: number;
      }[];
    };
  };
  /** Closes the page's window; needs no `h5sdk.config`. Source: navigation/closewindow. */
  closeWindow: { params: object; result: object };
  /** Lets the user choose documents of the platform. Source: file/docspicker. */
  docsPicker: {
    params: { pickerTitle?: string; pickerConfirm?: string };
    result: {
      /** `filePath` is an address. */
      fileList: { filePath: string; fileName: string }[];
    };
  };
  /** Opens a chat; one of the two ids is needed. Source: open-ability/chat/enterchat. */
  enterChat: {
    params: {
      /** Counts before `openChatId`. */
      openid?: string;
      openChatId?: string;
      needBadge?: boolean;
    };
    result: object;
  };
  /** Opens a user's profile. Source: open-ability/userinfo/enterprofile. */
  enterProfile: {
    params: {
      openid: string;
      /** Where the card begins on a desktop, in pixels. */
      left?: number;
      top?: number;
    };
    result: object;
  };
  /** Lets the user choose files. Source: file/filepicker. */
  filePicker: {
    params: {
      maxNum?: number;
      /** The system's own picker, which gives one file. */
      isSystem?: boolean;
      pickerTitle?: string;
      pickerConfirm?: string;
      /** As in `pdf`. */
      supportFileTypes?: readonly string[];
    };
    result: {
      /** `size` in bytes, documented as text. */
      list: { path: string; name: string; size: string }[];
    };
  };
  /** The messages that a message action was started with. Source: open-ability/chat/getBlockActionSourceDetail. */
  getBlockActionSourceDetail: {
    params: {
      /** `__trigger_id__` in the JSON of the page's query parameter `bdp_launch_query`. */
      triggerCode: string;
    };
    result: {
      bizType: 'message';
      content: {
        /** In seconds. */
        actionTime: number;
        /** Twenty at most. */
        messages: {
          messageType: 'text' | 'image' | 'post' | 'media' | 'file' | 'interactive' | 'unsupport';
          sender: { name: string; open_id: string };
          /** In seconds. */
          createTime: number;
          support: boolean;
          /** JSON, or text when the message is not supported. */
          content: string;
          status: boolean;
          openChatId?: string;
          openMessageId?: string;
        }[];
      };
    };
  };
  /** Reads the clipboard. Source: device/clipboard/getclipboarddata. */
  getClipboardData: { params: object; result: { data: string } };
  /** The Wi-Fi that the device is in. Source: device/wi-fi/getconnectedwifi. */
  getConnectedWifi: {
    params: object;
    result: { SSID: string; BSSID?: string; secure?: boolean; signalStrength?: number };
  };
  /** Where the device is. Source: location/getlocation. */
  getLocation: {
    params: {
      /** In seconds, 3 to 180. */
      timeout?: number;
      /** In seconds, 0 to 60. */
      cacheTimeout?: number;
      /** `high`: 100 m, `best`: 20 m. */
      accuracy?: 'high' | 'best';
    };
    result: {
      latitude: number;
      longitude: number;
      accuracy: number;
      /** In metres; 0 on Android. */
      verticalAccuracy: number;
      /** In metres. */
      horizontalAccuracy: number;
      authorizationAccuracy?: 'reduced' | 'full';
      /** In milliseconds. */
      timestamp: number;
      type: CoordinateSystem;
    };
  };
  /** The kind of connection; desktop clients know `connected` and `none`. Source: device/network-status/getnetworktype. */
  getNetworkType: {
    params: object;
    result: { networkType: 'none' | 'wifi' | '2g' | '3g' | '4g' | 'unknown' | 'connected' };
  };
  /** What the user allowed and refused, by scope. Source: open-ability/setting/getsetting. */
  getSetting: {
    params: object;
    result: {
      /** Scopes that were never asked for are missing. */
      authSetting: {
        'scope.userInfo'?: boolean;
        'scope.userLocation'?: boolean;
        'scope.record'?: boolean;
        'scope.clipboard'?: boolean;
        'scope.writePhotosAlbum'?: boolean;
        'scope.bluetooth'?: boolean;
      };
    };
  };
  /** The device and the client. Source: device/system-information/getsysteminfo. */
  getSystemInfo: {
    params: object;
    result: {
      system: string;
      platform: 'ios' | 'android' | 'darwin' | 'windows_nt' | 'openharmony';
      /** `PC` on desktops, as `model`. */
      brand: string;
      model: string;
      /** Of the client. */
      version: string;
      SDKVersion: string;
      screenWidth: number;
      screenHeight: number;
      windowWidth: number;
      windowHeight: number;
      pixelRatio: number;
      statusBarHeight?: number;
      /** As in `zh_CN`. */
      language: string;
      fontSizeSetting: number;
      appName?: string;
      safeArea?: Area;
      navigationBarSafeArea?: Area;
      deviceType?: 'phone' | 'tablet' | 'pc' | 'other';
    };
  };
  /** The chat that the page was opened from. Source: https://open.feishu.cn/document/web-app/gadget-api/open-ability/chat/gettriggercontext. */
  getTriggerContext: {
    params: {
      /** `__trigger_id__` in the JSON of the page's query parameter `bdp_launch_query`. */
      triggerCode: string;
    };
    result: { openChatId: string; bizType: string };
  };
  /** The user, as others see him. Source: open-ability/userinfo/getuserinfo. */
  getUserInfo: {
    params: object;
    result: {
      userInfo: {
        nickName: string;
        avatarUrl: string;
        gender: '' | 'male' | 'female';
        country: string;
        city: string;
        language: string;
      };
      /** `userInfo` as JSON. */
      rawData: string;
    };
  };
  /** Hides the loading message. Source: interface/interaction-feedback/hideloading. */
  hideLoading: { params: object; result: object };
  /** Hides the message. Source: interface/interaction-feedback/hidetoast. */
  hideToast: { params: object; result: object };
  /** Dials a number. Source: device/make-a-phone-call/makephonecall. */
  makePhoneCall: { params: { phoneNumber: string }; result: object };
  /** Shows a file or a document. Source: file/opendocument. */
  openDocument: {
    params: {
      filePath: string;
      /** `cloudFile` for the address of a document of the platform. */
      fileType?: 'doc' | 'docx' | 'xls' | 'xlsx' | 'ppt' | 'pptx' | 'pdf' | 'zip' | 'cloudFile' | 'eml';
      showMenu?: boolean;
      padFullScreen?: boolean;
    };
    result: object;
  };
  /** Shows a place on a map. Source: location/openlocation. */
  openLocation: {
    params: {
      latitude: number;
      longitude: number;
      name?: string;
      address?: string;
      /** 5 to 18. */
      scale?: number;
      type?: CoordinateSystem;
    };
    result: object;
  };
  /** Opens an address. Source: navigation/openschema. */
  openSchema: {
    params: {
      schema: string;
      /** In the browser or another program. */
      external?: boolean;
      /** The window's size on a desktop, in pixels. */
      options?: { width?: number; height?: number };
    };
    result: object;
  };
  /** Shows pictures. Source: media/image/previewimage. */
  previewImage: {
    params: {
      urls: readonly string[];
      /** Of the requests for them. */
      header?: Readonly<Record<string, string>>;
      current?: string;
      shouldShowSaveOption?: boolean;
    };
    result: object;
  };
  /** A code that the back end logs the user in with, once, within three minutes; needs no `h5sdk.config`. Source: https://open.feishu.cn/document/web-app/gadget-api/open-ability/login/requestaccess. */
  requestAccess: {
    params: {
      /** Empty: who the user is, no more. */
      scopeList: readonly string[];
      /** `cli_…`; web apps have to give it. */
      appID: string;
      state?: string;
    };
    result: { code: string; state?: string };
  };
  /** As requestAccess, in clients before 6.9; no longer maintained. Source: open-ability/login/20220308. */
  requestAuthCode: {
    params: {
      /** `cli_…` */
      appId: string;
    };
    result: { code: string };
  };
  /** Saves a picture. Source: media/image/saveimagetophotosalbum. */
  saveImageToPhotosAlbum: {
    params: {
      /** No web address. */
      filePath: string;
    };
    result: object;
  };
  /** Scans a code. Source: device/scan-code/scancode. */
  scanCode: {
    params: {
      /** All, unless told otherwise. */
      scanType?: readonly ('qrCode' | 'barCode' | 'datamatrix' | 'pdf417')[];
      barCodeInput?: boolean;
    };
    result: { result: string };
  };
  /** Sends a card to chats. Source: open-ability/chat/sendmessagecard. */
  sendMessageCard: {
    params: {
      shouldChooseChat?: boolean;
      chooseChatParams?: object;
      /** Ten at most; counts before `openIDs` and `triggerCode`. */
      openChatIDs?: readonly string[];
      /** Ten at most. */
      openIDs?: readonly string[];
      triggerCode?: string;
      cardContent?: { msg_type: 'interactive'; update_multi?: boolean; card: object };
      withAdditionalMessage?: boolean;
    };
    result: {
      /** `status` 0: sent. */
      sendCardInfo?: { status: number; openChatId: string; openMessageId: string }[];
    };
  };
  /** Writes the clipboard. Source: device/clipboard/setclipboarddata. */
  setClipboardData: { params: { data: string }; result: object };
  /** Shares with other programs. Source: open-ability/share/thirdShare. */
  share: {
    params: {
      /** In Lark `system` only. */
      channelType?: readonly ('wx' | 'wx_timeline' | 'system')[];
      contentType: 'text' | 'image' | 'url';
      /** Needed with `url`. */
      title?: string;
      /** Needed with `text`. */
      content?: string;
      /** Base64 without `data:…`; needed with `image`. */
      image?: string;
      /** Needed with `url`. */
      url?: string;
    };
    result: object;
  };
  /** A menu; not on desktops. Source: interface/interaction-feedback/showactionsheet. */
  showActionSheet: {
    params: {
      /** Six at most. */
      itemList: readonly string[];
    };
    result: {
      /** From 0. */
      tapIndex: number;
    };
  };
  /** Shows that something is loading. Source: interface/interaction-feedback/showloading. */
  showLoading: { params: { title: string; mask?: boolean }; result: object };
  /** Asks the user; one of title and content is needed. Source: interface/interaction-feedback/showmodal. */
  showModal: {
    params: {
      title?: string;
      content?: string;
      confirmText?: string;
      cancelText?: string;
      showCancel?: boolean;
    };
    result: { confirm: boolean; cancel: boolean };
  };
  /** Shows a message. Source: interface/interaction-feedback/showtoast. */
  showToast: {
    params: {
      title: string;
      /** In milliseconds. */
      duration?: number;
      icon?: 'success' | 'loading' | 'none' | 'error' | 'info' | 'warning';
      mask?: boolean;
    };
    result: object;
  };
  /** Sets the app's badge on this device. Source: open-ability/appbadge/updagebadge. */
  updateBadge: { params: { badgeNum: number }; result: object };
}

/** wgs84 is what GPS gives, gcj02 what maps of mainland China use. */
export type CoordinateSystem = 'wgs84' | 'gcj02';

/** Each may be empty. */
export interface I18nNames {
  zh_cn?: string;
  en_us?: string;
  ja_jp?: string;
}

/** In pixels of the page. */
export interface Area {
  left: number;
  right: number;
  top: number;
  bottom: number;
  width: number;
  height: number;
}

/** The names in the map. */
export type JsApiName = keyof JsApis;

/** What the JSAPI `Name` takes, without callbacks. */
export type JsApiParams<Name extends JsApiName> = JsApis[Name]['params'];

/** What the JSAPI `Name` answers, with the text that every answer has. Source: standard-object-input. */
export type JsApiResult<Name extends JsApiName> = JsApis[Name]['result'] & {
  /** As in `scanCode:ok`. */
  errMsg: string;
};

/** A failure: current clients give `errno` and `errString`, earlier ones others of these. Source: standard-object-input, and h5sdk.config. */
export interface ClientFailure {
  errno?: number;
  errString?: string;
  errCode?: number;
  errMsg?: string;
  errorCode?: number;
  errorMessage?: string;
}
