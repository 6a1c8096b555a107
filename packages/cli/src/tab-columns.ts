// Columns as Go's text/tabwriter aligns them: each as wide as its widest cell and six spaces more, over the
// lines that follow each other and have it. The last cell of a line belongs to no column.

/** Lays out lines whose cells are separated by tabs; no line end is added. */
export function alignTabs(text: string): string {
  const rows = text.split('\n').map((line) => line.split('\t'));
  const widths = rows.map((row) => row.slice(0, -1).map(() => 0));
  for (let at = 0; at < rows.length; at++) {
    for (let column = 0; column < (widths[at]?.length ?? 0); column++)
      if (widths[at]?.[column] === 0) setWidth(rows, widths, at, column);
  }
  return rows
    .map((row, at) => row.map((cell, column) => pad(cell, widths[at]?.[column])).join(''))
    .join('\n');
}

/** The width of a column, for a line and all that follow it and have the column too. */
function setWidth(
  rows: readonly (readonly string[])[],
  widths: readonly number[][],
  first: number,
  column: number,
): void {
  let end = first;
  while (end < rows.length && (widths[end]?.length ?? 0) > column) end++;
  const cells = rows.slice(first, end).map((row) => [...(row[column] ?? '')].length);
  const width = Math.max(...cells) + paddingWidth;
  for (const line of widths.slice(first, end)) line[column] = width;
}

function pad(cell: string, width = 0): string {
  return cell + ' '.repeat(Math.max(0, width - [...cell].length));
}

const paddingWidth = 6;
