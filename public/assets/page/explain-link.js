// The link of a refusal, `#explain?…`: what is known of it, in the fragment, which no browser sends.

/**
 * The facts by their names, none for a bare `#explain`, and undefined for an address without it. Takes the fragment out of
 * the address bar and the history: a page's URL stands in it, with its query.
 */
export function takeExplainLink() {
  const link = /^#explain(?:\?(.*))?$/s.exec(location.hash);
  if (!link) return undefined;
  history.replaceState(history.state, '', location.pathname + location.search);
  return Object.fromEntries(new URLSearchParams(link[1]));
}
