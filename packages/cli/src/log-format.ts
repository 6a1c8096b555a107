// Log lines as the original writes them (Go's log package): `2026/11/21 19:38:56 [INFO] agent: Serf agent
// starting`. The level stands in the text; what is shown of it is the business of whoever logs.

/** Puts the local date and time before a text; `at` is in milliseconds since the Unix epoch. No line end. */
export function formatLogLine(at: number, text: string): string {
  const time = new Date(at);
  const date = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())].join('/');
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(':');
  return `${date} ${clock} ${text}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
