/** Logs in with the client and gives the page its code, without the helper. */
exports.login = (appId) =>
  new Promise((resolve, reject) => {
    window.h5sdk.ready(() => {
      window.tt.requestAccess({
        appID: appId,
        scopeList: [],
        success: ({ code }) => resolve(code),
        fail: ({ errno, errString }) => reject(new Error(`${errno}: ${errString}`)),
      });
    });
  });
