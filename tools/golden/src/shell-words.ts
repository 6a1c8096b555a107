// Splits a recorded command line as a shell would: spaces part words, `'…'`, `"…"` and `$'…'` hold them
// together, a word that begins with `#` starts a comment. Only what occurs in captures; no variables, no
// escapes outside `$'…'`.

/** The words of a command line, quotes removed. */
export function shellWords(line: string): string[] {
  const words: string[] = [];
  for (const [raw] of line.matchAll(wordPattern)) {
    if (raw.startsWith('#')) break;
    words.push(raw.replace(piecePattern, unquote));
  }
  return words;
}

function unquote(piece: string): string {
  if (piece.startsWith("$'")) return piece.slice(2, -1).replaceAll('\\n', '\n').replaceAll('\\t', '\t');
  return piece.slice(1, -1);
}

const wordPattern = /(?:\$?'[^']*'|"[^"]*"|[^\s'"])+/g;
const piecePattern = /\$?'[^']*'|"[^"]*"/g;
