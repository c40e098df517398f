// One request to the service. Every path is relative, so the page works under any prefix.

/** The service waits up to 5 s for a ticket; 3 s more for the way there and back. */
const LIMIT_MS = 8_000;

/** `{ status, body }` with the parsed JSON, or undefined for a body that is none; status 0 when no answer came. A `question` is posted as JSON. */
export async function ask(path, headers = {}, question) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), LIMIT_MS);
  try {
    const posted = question && {
      method: 'POST',
      headers: { ...headers, 'Content-Type': 'application/json' },
      body: JSON.stringify(question),
    };
    const reply = await fetch(path, { headers, cache: 'no-store', signal: controller.signal, ...posted });
    return { status: reply.status, body: await reply.json().catch(() => undefined) };
  } catch {
    return { status: 0, body: undefined };
  } finally {
    clearTimeout(timer);
  }
}
