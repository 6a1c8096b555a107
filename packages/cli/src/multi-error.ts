// multi-error.ts – several errors told as one, as hashicorp/go-multierror prints them.

/**
 * `1 error occurred:` or `N errors occurred:`, a bullet for each, and the two line ends the original leaves
 * behind.
 */
export function formatErrors(messages: readonly string[]): string {
  const count = messages.length === 1 ? '1 error' : `${messages.length} errors`;
  return `${count} occurred:\n${messages.map((message) => `\t* ${message}\n`).join('')}\n`;
}
