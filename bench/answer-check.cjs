// Samples a contestant's answers while it runs, and has the simulated platform check them as the client would.
'use strict';
const { createHash } = require('node:crypto');

// Documented: a signature lives 10 minutes.
const SIGNATURE_LIFE_SECONDS = 600;

/**
 * Checks answers of one contestant: `sample()` asks for one, resolves to its fault or undefined, and never rejects; `checked`
 * counts, and `faults` maps each fault to how often it came.
 */
function createAnswerCheck({ signs, inSeconds, baseUrl, pages, platform, appId, random, fetch }) {
  const check = {
    checked: 0,
    faults: new Map(),
    async sample() {
      const page = pages[Math.floor(random() * pages.length)];
      const fault = await findFault(page).catch((error) => String(error));
      check.checked += 1;
      if (fault) check.faults.set(fault, (check.faults.get(fault) ?? 0) + 1);
      return fault;
    },
    /** Forgets what was checked so far: answers from before the ticket was there. */
    reset() {
      check.checked = 0;
      check.faults.clear();
    },
  };

  async function findFault({ url, origin }) {
    const response = await fetch(`${baseUrl}/config?url=${encodeURIComponent(url)}`, {
      headers: origin ? { Origin: origin } : {},
    });
    const answer = await response.json();
    if (response.status !== 200) return `HTTP ${response.status} ${answer.code ?? ''}`.trim();
    if (!signs) return undefined;
    if (inSeconds) return findFaultInSeconds(answer, url);
    const { errCode, errMsg } = platform.verify({ ...answer, url });
    return errCode === 0 ? undefined : `${errCode} ${errMsg}`;
  }

  /** The platform's check refuses timestamps in seconds for their age; their signature is recomputed with the tickets it issued. */
  function findFaultInSeconds({ timestamp, nonceStr, signature }, url) {
    const text = (ticket) => `jsapi_ticket=${ticket}&noncestr=${nonceStr}&timestamp=${timestamp}&url=${url}`;
    const isRight = platform
      .issuedTickets(appId)
      .some((ticket) => createHash('sha1').update(text(ticket)).digest('hex') === signature);
    if (!isRight) return 'the signature is not over an issued ticket and the URL';
    const ageSeconds = platform.nowMs() / 1_000 - Number(timestamp);
    return Math.abs(ageSeconds) < SIGNATURE_LIFE_SECONDS ? undefined : 'the timestamp is not of now';
  }

  return check;
}

module.exports = { createAnswerCheck };
