// A front end with the habits of the official samples: lower-case names, encodeURI, one request, then config and ready.
(async function () {
  const signer = new URL(document.currentScript.src).searchParams.get('signer');
  const url = encodeURI(location.href.split('#')[0]);
  const reply = await fetch(`${signer}/get_config_parameters?url=${url}`);
  const params = await reply.json();
  const { h5sdk } = window;
  h5sdk.error((error) => (window.sdkError = error));
  h5sdk.config({
    appId: params.appid,
    timestamp: params.timestamp,
    nonceStr: params.noncestr,
    signature: params.signature,
    jsApiList: [],
    onSuccess(result) {
      window.outcome = { config: result };
      h5sdk.ready(() => {
        tt.scanCode({
          success: (scan) => (window.outcome = { config: result, scan }),
          fail: (scan) => (window.outcome = { config: result, scan }),
        });
      });
    },
    onFail: (error) => (window.outcome = { config: error, refusal: params }),
  });
})();
