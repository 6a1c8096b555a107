// Text tables as the original prints them (ryanuber/columnize 2.1.2, SimpleFormat).
// A line is split at `|` and its cells are trimmed – also where the `|` came from data, which shifts the
// columns. Widths count code points; the last cell of a line is not padded, so an empty last cell leaves
// spaces behind.

import { trimSpace } from './go-text.ts';

/**
 * Lays out lines whose cells are separated by `|`; columns are joined by two spaces. No line end at the end.
 */
export function formatColumns(lines: readonly string[]): string {
  return formatTable(lines.map((line) => line.split('|')));
}

/** The same for rows of cells, in which a `|` is a letter like others. */
export function formatTable(cells: readonly (readonly string[])[]): string {
  const rows = cells.map((row) => row.map(trimSpace));
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) {
      widths[column] = Math.max(widths[column] ?? 0, characters(cell));
    }
  }
  return rows.map((row) => formatRow(row, widths)).join('\n');
}

function formatRow(row: readonly string[], widths: readonly number[]): string {
  const cells = row.map((cell, column) => {
    const isLast = column === row.length - 1;
    return isLast ? cell : cell + ' '.repeat((widths[column] ?? 0) - characters(cell));
  });
  return cells.join('  ');
}

function characters(text: string): number {
  return [...text].length;
}
