// A front end with the habits of the official Koa tutorial: credentials on every request, a wrapped reply, snake case.
(function () {
  const signer = new URL(document.currentScript.src).searchParams.get('signer');
  const url = encodeURIComponent(location.href.split('#')[0]);
  const request = new XMLHttpRequest();
  request.open('GET', `${signer}/api/get_sign_parameters?url=${url}`);
  request.withCredentials = true;
  request.responseType = 'json';
  request.onload = () => {
    const { data } = request.response;
    window.h5sdk.config({
      appId: data.app_id,
      timestamp: data.timestamp,
      nonceStr: data.noncestr,
      signature: data.signature,
      jsApiList: ['scanCode'],
      onSuccess: (config) =>
        window.tt.scanCode({ success: (scan) => (window.outcome = { config, scan }), fail: console.error }),
      onFail: (config) => (window.outcome = { config }),
    });
  };
  request.send();
})();
