// What goes with a log line, as upstream's logger writes it: `key=value` each; texts with white space are in
// quotes (and nothing inside is escaped), lists in brackets. Source: hashicorp/go-hclog intlogger.go.

/** The end of a line: `: type=key retry=5s`. */
export function logFields(fields: Readonly<Record<string, string | readonly string[]>>): string {
  const shown = Object.entries(fields).map(([key, value]) =>
    typeof value === 'string' ? `${key}=${word(value)}` : `${key}=[${value.map(word).join(', ')}]`,
  );
  return `: ${shown.join(' ')}`;
}

function word(value: string): string {
  return /[ \t\n\r]/.test(value) ? `"${value}"` : value;
}
