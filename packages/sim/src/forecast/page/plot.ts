// A plot of lines as SVG, drawn by hand: two axes, a grid, a legend. Colours come from the page's style, so
// that it is readable on light and dark. Next: page.ts.

/** One line. */
export interface PlotLine {
  readonly name: string;
  /** Class of the page's style: `measured` or `formula`. */
  readonly style: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** What is drawn. Both axes begin at 0. */
export interface Plot {
  readonly title: string;
  readonly lines: readonly PlotLine[];
  /** Texts at the ends of the axes, with their unit. */
  readonly xLabel: string;
  readonly yLabel: string;
  /** What stands beside a line of the grid. */
  readonly xText: (x: number) => string;
  readonly yText: (y: number) => string;
}

/** The `svg` element. Texts must not contain markup. */
export function drawPlot(plot: Plot): string {
  const points = plot.lines.flatMap((line) => line.points);
  const scale = {
    x: tickStep(Math.max(...points.map(([x]) => x), tiny)),
    y: tickStep(Math.max(...points.map(([, y]) => y), tiny)),
  };
  const at = (x: number, y: number): readonly [number, number] => [
    left + (x / (scale.x * ticks)) * width,
    top + height - (y / (scale.y * ticks)) * height,
  ];
  return [
    `<svg viewBox="0 0 ${left + width + right} ${top + height + bottom}" role="img">`,
    `<title>${plot.title}</title>`,
    ...grid(plot, scale, at),
    ...plot.lines.map((line) => `<path class="line ${line.style}" d="${path(line, at)}"/>`),
    ...plot.lines.map((line, index) => legend(line, index)),
    '</svg>',
  ].join('\n');
}

type Place = (x: number, y: number) => readonly [number, number];

function grid(plot: Plot, scale: { readonly x: number; readonly y: number }, at: Place): string[] {
  const marks: string[] = [];
  for (let tick = 0; tick <= ticks; tick++) {
    const [x] = at(tick * scale.x, 0);
    const [, y] = at(0, tick * scale.y);
    const bottomY = top + height;
    marks.push(`<path class="grid" d="M${round(x)} ${top}V${bottomY}M${left} ${round(y)}H${left + width}"/>`);
    marks.push(text(x, bottomY + 18, 'middle', plot.xText(tick * scale.x)));
    marks.push(text(left - 8, y + 4, 'end', plot.yText(tick * scale.y)));
  }
  marks.push(text(left + width, top + height + 36, 'end', plot.xLabel));
  marks.push(text(left, top - 10, 'start', plot.yLabel));
  return marks;
}

function legend({ name, style }: PlotLine, index: number): string {
  const y = top + height - 34 + index * 20;
  const x = left + width - 150;
  return `<path class="line ${style}" d="M${x} ${y}h30"/>${text(x + 38, y + 4, 'start', name)}`;
}

function path({ points }: PlotLine, at: Place): string {
  return points
    .map(([x, y], index) => {
      const [px, py] = at(x, y);
      return `${index === 0 ? 'M' : 'L'}${round(px)} ${round(py)}`;
    })
    .join('');
}

function text(x: number, y: number, anchor: string, words: string): string {
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}">${words}</text>`;
}

/** The smallest of 1, 2, 2.5 and 5 times a power of ten of which `ticks` are enough. */
function tickStep(most: number): number {
  const least = most / ticks;
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 2.5, 5, 10].find((candidate) => candidate * power >= least * (1 - tiny)) ?? 10;
  return factor * power;
}

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}

const [left, top, width, height, right, bottom] = [64, 30, 640, 280, 20, 44];
const ticks = 5;
const tiny = 1e-9;
