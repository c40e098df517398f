// A small app with a history router: three views, links between them, and a button that scans.
(function () {
  const endpoint = new URL(document.currentScript.src).searchParams.get('signer');
  const failures = [];
  const onError = ({ code, problem }) => failures.push({ code, problem });
  window.app = { go, scan, failures };

  function go(path) {
    history.pushState({}, '', path);
    render();
  }

  async function scan() {
    const { result } = await lark().call('scanCode');
    return { from: location.pathname, result };
  }

  // As a component does: whenever it renders, and twice, as React does under StrictMode.
  function lark() {
    LarkJsapi.create({ endpoint, onError });
    return LarkJsapi.create({ endpoint, onError });
  }

  function render() {
    document.querySelector('main').textContent = location.pathname;
    for (const mounted of [lark(), lark()]) mounted.ready().catch(() => undefined);
  }

  addEventListener('popstate', render);
  render();
})();
