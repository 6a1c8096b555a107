// A plot of lines as SVG, drawn by hand: two axes, a grid, and a legend where there are several lines.
// Colours and sizes of text come from the page's style, so that it is readable on light and dark, on large
// and small: there is room for text of 14 units. Next: page.ts.

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
  const xAxis = axisOf(points.map(([x]) => x));
  const yAxis = axisOf(points.map(([, y]) => y));
  const at = (x: number, y: number): readonly [number, number] => [
    left + (x / (xAxis.step * xAxis.ticks)) * width,
    top + height - (y / (yAxis.step * yAxis.ticks)) * height,
  ];
  return [
    `<svg viewBox="0 0 ${left + width + right} ${top + height + bottom}" role="img">`,
    `<title>${plot.title}</title>`,
    ...grid(plot, xAxis, yAxis, at),
    ...plot.lines.map((line) => `<path class="line ${line.style}" d="${path(line, at)}"/>`),
    ...(plot.lines.length > 1 ? legend(plot.lines) : []),
    '</svg>',
  ].join('\n');
}

type Place = (x: number, y: number) => readonly [number, number];

/** Lines of the grid: so many besides that at 0, so far from one another. */
interface Axis {
  readonly step: number;
  readonly ticks: number;
}

function grid(plot: Plot, xAxis: Axis, yAxis: Axis, at: Place): string[] {
  const [rightX, bottomY] = [left + width, top + height];
  const columns = numbersTo(xAxis.ticks).flatMap((tick) => {
    const [x] = at(tick * xAxis.step, 0);
    const line = `<path class="grid" d="M${round(x)} ${top}V${bottomY}"/>`;
    return [line, text(x, bottomY + 17, 'middle', plot.xText(tick * xAxis.step))];
  });
  const rows = numbersTo(yAxis.ticks).flatMap((tick) => {
    const [, y] = at(0, tick * yAxis.step);
    const line = `<path class="grid" d="M${left} ${round(y)}H${rightX}"/>`;
    return [line, text(left - 6, y + 4, 'end', plot.yText(tick * yAxis.step))];
  });
  const labels = [text(rightX, bottomY + 35, 'end', plot.xLabel), text(left, top - 10, 'start', plot.yLabel)];
  return [...columns, ...rows, ...labels];
}

/** Above the plot, where no line can be, from the right. */
function legend(lines: readonly PlotLine[]): string[] {
  const y = top - 14;
  let x = left + width;
  return lines.toReversed().map(({ name, style }) => {
    x -= name.length * letterWidth;
    const entry = `${text(x, y + 4, 'start', name)}<path class="line ${style}" d="M${x - 30} ${y}h24"/>`;
    x -= 42;
    return entry;
  });
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

/** An axis on which the largest of these numbers has room, and little more. */
function axisOf(numbers: readonly number[]): Axis {
  const most = Math.max(...numbers, tiny);
  const least = most / ticksMax;
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 2.5, 5, 10].find((candidate) => candidate * power >= least * (1 - tiny)) ?? 10;
  const step = factor * power;
  return { step, ticks: Math.ceil((most / step) * (1 - tiny)) };
}

function numbersTo(last: number): readonly number[] {
  return Array.from({ length: last + 1 }, (_, number) => number);
}

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}

const [left, top, width, height, right, bottom] = [44, 32, 410, 200, 16, 42];
const ticksMax = 6;
const tiny = 1e-9;
/** Of an average letter; text is not measured. */
const letterWidth = 7.2;
