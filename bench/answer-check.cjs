// Samples a contestant's answers while it runs, and has the simulated platform check them as the client would.
'use strict';

/**
 * Checks answers of one contestant: `sample()` asks for one, resolves to its fault or undefined, and never rejects; `checked`
 * counts, and `faults` maps each fault to how often it came.
 */
function createAnswerCheck({ signs, baseUrl, pages, platform, random, fetch }) {
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
    const { errCode, errMsg } = platform.verify({ ...answer, url });
    return errCode === 0 ? undefined : `${errCode} ${errMsg}`;
  }

  return check;
}

module.exports = { createAnswerCheck };
