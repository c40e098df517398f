// Finds variables that were meant for this service and are not read: misspelt, or under a name that other programs use.
import { bare, findMisspelt } from './find-misspelt';

/** A variable that does nothing, and the one that was meant, if that can be guessed. */
export interface UnreadVariable {
  readonly written: string;
  readonly meant: string | undefined;
}

/** Names with these prefixes are meant for a service like this one; our variables begin with LARK_ or with neither. */
const PREFIX = /^(?:LARK|FEISHU)_?/i;

/** Other programs of the machine may have these too, so that they say something only where ours is missing. */
const WITHOUT_PREFIX = /^APP_?(?:ID|SECRET)$/i;

/**
 * Names in `environment` that look like one of `known`: a few letters off, with or without LARK_ or FEISHU_. What begins with such a
 * prefix and looks like none is listed too. Not listed: what `isRead`, what looks like a variable that `isSet` already, and
 * what Kubernetes sets for a Service whose name begins so.
 *
 * @example findUnread({ FEISHU_APP_ID: 'cli_x' }, rules) // [{ written: 'FEISHU_APP_ID', meant: 'LARK_APP_ID' }]
 */
export function findUnread(
  environment: Readonly<Record<string, string | undefined>>,
  rules: { known: readonly string[]; isRead: (name: string) => boolean; isSet: (name: string) => boolean },
): UnreadVariable[] {
  return Object.entries(environment).flatMap(([written, value]): UnreadVariable[] => {
    if (rules.isRead(written) || isServiceLink(written, value)) return [];
    const meant = guess(written, rules.known);
    if (meant === undefined) return PREFIX.test(written) ? [{ written, meant }] : [];
    return rules.isSet(meant) ? [] : [{ written, meant }];
  });
}

function guess(written: string, known: readonly string[]): string | undefined {
  const rest = written.replace(PREFIX, '');
  const isForUs = rest !== written || WITHOUT_PREFIX.test(written);
  if (!isForUs) return findMisspelt([written], known)[0]?.meant;
  const spellings = [`LARK_${rest}`, rest, `LARK_APP_${rest}`];
  const same = known.find((name) => spellings.some((spelling) => bare(spelling) === bare(name)));
  return same ?? findMisspelt(spellings, known)[0]?.meant;
}

/** `<NAME>_SERVICE_HOST`, `<NAME>_PORT=tcp://…` and the like: Kubernetes sets them for every Service in a pod's namespace. */
function isServiceLink(name: string, value = ''): boolean {
  return (
    /_SERVICE_(?:HOST|PORT(?:_\w+)?)$|_PORT_\d+_(?:TCP|UDP|SCTP)(?:_\w+)?$/.test(name) ||
    (name.endsWith('_PORT') && isServiceAddress(value))
  );
}

/** The address of a Service as Kubernetes writes it into `<NAME>_PORT`. */
export function isServiceAddress(text: string): boolean {
  return /^(?:tcp|udp|sctp):\/\//.test(text);
}
