// What is shown: on a terminal a table that stays in place and lives, elsewhere a line now and then.

/** The table of all nodes and what each sees, with as many columns as the width allows. */
export function table(nodes, width) {
  const across = Math.max(1, Math.min(4, Math.floor((width + gap.length) / (head.length + gap.length))));
  const rows = Math.ceil(nodes.length / across);
  const columns = Array.from({ length: across }, (_, index) => [
    head,
    ...nodes.slice(index * rows, (index + 1) * rows).map(cell),
  ]);
  return columns[0].map((_, row) => columns.flatMap((column) => column[row] ?? []).join(gap));
}

function cell(node) {
  if (node.state !== 'running') return `${node.name} ${node.state}`.padEnd(head.length);
  const [alive, failed, left] = ['alive', 'failed', 'left'].map((status) => `${node.count(status) || '·'}`);
  return `${node.name.padEnd(5)} ${alive.padStart(5)} ${failed.padStart(4)} ${left.padStart(4)}`;
}

/** Prints what happens. Call `close` at the end, or the cursor stays hidden. */
export class Screen {
  #nodes;
  #out = process.stdout;
  #doing = '';
  #linesBelow = 0;
  #ticker;

  constructor(nodes) {
    this.#nodes = nodes;
    if (this.#out.isTTY) this.#out.write(hideCursor);
    const everyMs = this.#out.isTTY ? 200 : 5_000;
    this.#ticker = setInterval(() => this.#tick(), everyMs);
  }

  /** What is going on now; `doing` returns the text. */
  show(doing) {
    this.#doing = doing;
    if (this.#out.isTTY) this.#tick();
  }

  /** A line that stays. */
  say(text) {
    this.#erase();
    this.#out.write(`${text}\n`);
    if (this.#out.isTTY) this.#tick();
  }

  /** Leaves the table as it is now, as the last thing. */
  close() {
    clearInterval(this.#ticker);
    this.#erase();
    this.#out.write(`\n${this.#lines().join('\n')}\n`);
    if (this.#out.isTTY) this.#out.write(showCursor);
  }

  #tick() {
    if (!this.#out.isTTY) {
      if (this.#doing) this.#out.write(`         ${this.#doing()}\n`);
      return;
    }
    this.#erase();
    const rows = this.#lines();
    const fits = rows.length + 3 < this.#out.rows;
    const lines = ['', ...(fits ? [...rows, ''] : []), this.#doing ? this.#doing() : ''];
    this.#out.write(lines.join('\n'));
    this.#linesBelow = lines.length - 1;
  }

  #lines() {
    return table(this.#nodes, this.#out.columns ?? 120);
  }

  #erase() {
    if (this.#linesBelow > 0) this.#out.write(`\r\u001b[${this.#linesBelow}A\u001b[J`);
    this.#linesBelow = 0;
  }
}

const head = 'node  alive fail left';
const gap = ' │ ';
const hideCursor = '\u001b[?25l';
const showCursor = '\u001b[?25h';
